#include "web/site/run_watch.h"

#include <algorithm>

#include "base/log.h"

namespace quire::web {

/// The more look on, the longer: what a run costs them together stays the same.
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

std::unique_ptr<RunWatch::Subscription> RunWatch::watch(const std::string& path, http::Waker waker)
{
    std::lock_guard lock(m_mutex);
    if (auto started = start(); !started) {
        log_line(started.error().message);
        return nullptr;
    }
    Watched& watched = m_watched[path];
    if (watched.descriptor < 0) {
        auto descriptor = m_watcher->follow(path);
        if (!descriptor) {
            m_watched.erase(path);
            return nullptr;
        }
        watched.descriptor = *descriptor;
    }
    watched.viewers.emplace(m_next, std::move(waker));
    return std::make_unique<Subscription>(*this, path, m_next++);
}

void RunWatch::end(const std::string& path, uint64_t id)
{
    std::lock_guard lock(m_mutex);
    auto found = m_watched.find(path);
    if (found == m_watched.end())
        return;
    found->second.viewers.erase(id);
    if (!found->second.viewers.empty())
        return;
    m_watcher->unfollow(found->second.descriptor);
    m_watched.erase(found);
}

void RunWatch::wake_viewers(const std::vector<int>& changed)
{
    std::vector<http::Waker> wakers;
    {
        std::lock_guard lock(m_mutex);
        for (auto& [path, watched] : m_watched)
            if (std::find(changed.begin(), changed.end(), watched.descriptor) != changed.end() ||
                std::find(changed.begin(), changed.end(), sys::Watcher::overflowed) != changed.end())
                for (auto& [id, waker] : watched.viewers)
                    wakers.push_back(waker);
    }
    for (const http::Waker& waker : wakers)
        waker.wake();
}

int64_t RunWatch::count_viewers()
{
    std::lock_guard lock(m_mutex);
    int64_t count = 0;
    for (auto& [path, watched] : m_watched)
        count += static_cast<int64_t>(watched.viewers.size());
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
        // Nothing is watched now: this waits, and still ends at once when it shall.
        int64_t until = monotonic_now() + std::max(collecting_time, count_viewers() * time_of_a_viewer);
        for (int64_t left; (left = until - monotonic_now()) > 0 && !is_stopping();)
            (void)m_poller->wait(left);
        wake_viewers(m_watcher->changed());
    }
}

} // namespace quire::web
