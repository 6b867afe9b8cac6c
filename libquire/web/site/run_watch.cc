#include "web/site/run_watch.h"

#include <algorithm>

#include "base/log.h"

namespace quire::web {

/// The more viewers, the longer the time, so that together they cost the run the same.
constexpr int64_t collecting_time = nanoseconds_per_second / 20, time_of_a_viewer = nanoseconds_per_second / 2000;

RunWatch::~RunWatch()
{
    {
        std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    if (!m_thread.joinable())
        return;
    m_poller->interrupt();
    m_thread.join();
}

/// REQUIRES: the mutex is held.
Result<void> RunWatch::start()
{
    if (m_watcher)
        return {};
    sys::Poller poller = TRY(sys::Poller::create());
    m_watcher.emplace(TRY(sys::Watcher::create()));
    m_poller.emplace(std::move(poller));
    m_thread = std::thread([this] { work(); });
    return {};
}

std::unique_ptr<RunWatch::Subscription> RunWatch::watch(int directory, http::Waker waker)
{
    std::lock_guard lock(m_mutex);
    if (auto started = start(); !started) {
        log_line(started.error().message);
        return nullptr;
    }
    auto descriptor = m_watcher->follow(fmt::format("/proc/self/fd/{}", directory));
    if (!descriptor)
        return nullptr;
    m_watched[*descriptor].emplace(m_next, std::move(waker));
    return std::make_unique<Subscription>(*this, *descriptor, m_next++);
}

void RunWatch::end(int descriptor, uint64_t id)
{
    std::lock_guard lock(m_mutex);
    auto found = m_watched.find(descriptor);
    if (found == m_watched.end())
        return;
    found->second.erase(id);
    if (!found->second.empty())
        return;
    m_watcher->unfollow(descriptor);
    m_watched.erase(found);
}

void RunWatch::wake_viewers(const std::vector<int>& changed)
{
    std::vector<http::Waker> wakers;
    {
        std::lock_guard lock(m_mutex);
        bool is_any = std::find(changed.begin(), changed.end(), sys::Watcher::overflowed) != changed.end();
        for (auto& [descriptor, viewers] : m_watched)
            if (is_any || std::find(changed.begin(), changed.end(), descriptor) != changed.end())
                for (auto& [id, waker] : viewers)
                    wakers.push_back(waker);
    }
    for (const http::Waker& waker : wakers)
        waker.wake();
}

int64_t RunWatch::count_viewers()
{
    std::lock_guard lock(m_mutex);
    int64_t count = 0;
    for (auto& [descriptor, viewers] : m_watched)
        count += static_cast<int64_t>(viewers.size());
    return count;
}

void RunWatch::work()
{
    auto is_stopping = [&] {
        std::lock_guard lock(m_mutex);
        return m_stopping;
    };
    while (!is_stopping()) {
        auto watched = m_poller->add(m_watcher->fd(), sys::Poller::Event::readable_once, 0);
        auto keys = watched ? m_poller->wait(-1) : Unexpected(std::move(watched).error());
        if (!keys)
            return log_line(keys.error().message);
        if (keys->empty() || is_stopping())
            continue;
        // Nothing is watched yet, so this only waits; it still ends at once when it must.
        int64_t until = monotonic_now() + std::max(collecting_time, count_viewers() * time_of_a_viewer);
        for (int64_t left; (left = until - monotonic_now()) > 0 && !is_stopping();)
            (void)m_poller->wait(left);
        wake_viewers(m_watcher->changed());
    }
}

} // namespace quire::web
