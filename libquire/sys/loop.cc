#include "sys/loop.h"

#include <poll.h>

#include <algorithm>
#include <vector>

#include "base/time.h"
#include "sys/retry.h"

namespace quire::sys {

static short events_of(Interest interest)
{
    switch (interest) {
    case Interest::readable:
        return POLLIN;
    case Interest::writable:
        return POLLOUT;
    case Interest::hangup:
        break; // hangup is always reported
    }
    return 0;
}

Loop::Id Loop::watch(int fd, Interest interest, Callback callback)
{
    m_watches.emplace(m_next, Watch{fd, interest, std::move(callback)});
    return m_next++;
}

Loop::Id Loop::after(int64_t nanoseconds, Callback callback)
{
    m_timers.emplace(m_next, Timer{monotonic_now() + nanoseconds, std::move(callback)});
    return m_next++;
}

void Loop::cancel(Id id)
{
    m_watches.erase(id);
    m_timers.erase(id);
}

Result<void> Loop::turn(int64_t limit)
{
    if (!m_timers.empty()) {
        int64_t first = std::min_element(m_timers.begin(), m_timers.end(), [](const auto& a, const auto& b) {
                            return a.second.deadline < b.second.deadline;
                        })->second.deadline;
        int64_t left = std::max<int64_t>(first - monotonic_now(), 0);
        limit = limit < 0 ? left : std::min(limit, left);
    }
    std::vector<pollfd> polls;
    std::vector<Id> ids;
    for (const auto& [id, watch] : m_watches) {
        polls.push_back({watch.fd, events_of(watch.interest), 0});
        ids.push_back(id);
    }
    timespec wait{limit / nanoseconds_per_second, limit % nanoseconds_per_second};
    if (retry([&] { return ::ppoll(polls.data(), polls.size(), limit < 0 ? nullptr : &wait, nullptr); }) < 0)
        return fail_errno("poll");
    for (size_t i = 0; i < polls.size(); ++i) {
        if (polls[i].revents == 0)
            continue;
        auto found = m_watches.find(ids[i]); // an earlier callback may have removed it
        if (found == m_watches.end())
            continue;
        Callback callback = found->second.callback; // a copy, because the callback may remove itself
        callback();
    }
    call_timers();
    return {};
}

void Loop::call_timers()
{
    int64_t now = monotonic_now();
    std::vector<Id> due;
    for (const auto& [id, timer] : m_timers)
        if (timer.deadline <= now)
            due.push_back(id);
    std::sort(due.begin(), due.end(), [&](Id a, Id b) {
        return std::pair(m_timers.at(a).deadline, a) < std::pair(m_timers.at(b).deadline, b);
    });
    for (Id id : due) {
        auto found = m_timers.find(id);
        if (found == m_timers.end())
            continue;
        Callback callback = std::move(found->second.callback);
        m_timers.erase(found);
        callback();
    }
}

Result<void> Loop::run_until(const std::function<bool()>& condition)
{
    while (!condition())
        TRY(turn());
    return {};
}

} // namespace quire::sys
