// Repeats a system call that a signal interrupted. Private to sys/.
#pragma once

#include <cerrno>

namespace quire::sys {

template <class Call>
auto retry(Call call)
{
    for (;;) {
        auto result = call();
        if (result != -1 || errno != EINTR)
            return result;
    }
}

} // namespace quire::sys
