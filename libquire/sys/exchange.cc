#include "sys/exchange.h"

#include <cerrno>
#include <cstdio>

namespace quire::sys {

Result<void> exchange(int one_directory, int other_directory, const std::string& name)
{
    if (::renameat2(one_directory, name.c_str(), other_directory, name.c_str(), RENAME_EXCHANGE) < 0)
        return fail_errno(fmt::format("exchange {}", name));
    return {};
}

} // namespace quire::sys
