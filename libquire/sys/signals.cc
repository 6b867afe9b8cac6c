#include "sys/signals.h"

#include <signal.h>
#include <sys/signalfd.h>

namespace quire::sys {

Result<Signals> Signals::take(std::initializer_list<int> numbers)
{
    sigset_t set;
    ::sigemptyset(&set);
    for (int number : numbers)
        ::sigaddset(&set, number);
    if (::sigprocmask(SIG_BLOCK, &set, nullptr) < 0)
        return fail_errno("block signals");
    UniqueFd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd)
        return fail_errno("make a descriptor for signals");
    return Signals(std::move(fd));
}

std::optional<int> Signals::next()
{
    signalfd_siginfo info{};
    if (::read(m_fd.get(), &info, sizeof info) != sizeof info)
        return std::nullopt;
    return static_cast<int>(info.ssi_signo);
}

} // namespace quire::sys
