#include "sys/poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include <array>
#include <climits>

namespace quire::sys {

constexpr uint64_t wake_key = ~uint64_t{0};

Result<Poller> Poller::create()
{
    UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
    UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!epoll || !wake)
        return fail_errno("make an epoll");
    epoll_event event{.events = EPOLLIN, .data = {.u64 = wake_key}};
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wake.get(), &event) != 0)
        return fail_errno("watch an eventfd");
    return Poller(std::move(epoll), std::move(wake));
}

Result<void> Poller::add(int fd, Event kind, uint64_t key)
{
    uint32_t events = kind == Event::hung_up ? EPOLLRDHUP | EPOLLET : EPOLLIN | EPOLLONESHOT;
    epoll_event event{.events = events, .data = {.u64 = key}};
    // A descriptor that was reported once is still registered, but switched off.
    if (::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0 &&
        (errno != EEXIST || ::epoll_ctl(m_epoll.get(), EPOLL_CTL_MOD, fd, &event) != 0))
        return fail_errno("watch a descriptor");
    return {};
}

void Poller::remove(int fd) { ::epoll_ctl(m_epoll.get(), EPOLL_CTL_DEL, fd, nullptr); }

void Poller::interrupt()
{
    uint64_t one = 1;
    [[maybe_unused]] ssize_t ignored = ::write(m_wake.get(), &one, sizeof one); // full: it wakes wait() anyway
}

Result<std::vector<uint64_t>> Poller::wait(int64_t limit)
{
    std::array<epoll_event, 64> events;
    int milliseconds = limit < 0 ? -1 : static_cast<int>((limit + 999'999) / 1'000'000);
    int count = ::epoll_wait(m_epoll.get(), events.data(), static_cast<int>(events.size()), milliseconds);
    if (count < 0 && errno != EINTR)
        return fail_errno("wait for descriptors");
    std::vector<uint64_t> keys;
    for (int i = 0; i < count; ++i) {
        uint64_t drained = 0;
        if (events[static_cast<size_t>(i)].data.u64 != wake_key)
            keys.push_back(events[static_cast<size_t>(i)].data.u64);
        else [[maybe_unused]]
            ssize_t ignored = ::read(m_wake.get(), &drained, sizeof drained);
    }
    return keys;
}

int readable_bytes(int fd)
{
    int bytes = 0;
    return ::ioctl(fd, FIONREAD, &bytes) == 0 ? bytes : INT_MAX;
}

} // namespace quire::sys
