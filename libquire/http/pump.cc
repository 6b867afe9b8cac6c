#include "base/log.h"
#include "http/stream.h"

namespace quire::http {

/// A stream has two keys: its source's descriptor has the even one, its reader's socket the odd one.
static uint64_t source_key(uint64_t id) { return id * 2; }
static uint64_t socket_key(uint64_t id) { return id * 2 + 1; }

Result<void> Pump::start()
{
    m_poller.emplace(TRY(sys::Poller::create()));
    m_thread = std::thread([this] { work(); });
    return {};
}

void Pump::stop()
{
    std::map<uint64_t, std::shared_ptr<Stream>> streams;
    {
        std::lock_guard lock(m_mutex);
        m_stopping = true;
        streams = m_streams;
    }
    if (m_thread.joinable()) {
        m_poller->interrupt();
        m_thread.join();
    }
    for (auto& [id, stream] : streams)
        stream->hang_up();
}

void Pump::add(const std::shared_ptr<Stream>& stream)
{
    bool is_first = false, is_late = false;
    {
        std::lock_guard lock(m_mutex);
        stream->m_id = m_next++;
        is_first = m_streams.empty();
        is_late = m_stopping;
        m_streams.emplace(stream->id(), stream);
    }
    auto watched = m_poller->add(stream->socket(), sys::Poller::Event::hung_up, socket_key(stream->id()));
    if (!watched)
        log_line(watched.error().message); // it will be noticed when something is sent
    if (is_late)
        stream->hang_up();
    if (is_first)
        m_poller->interrupt();
}

void Pump::remove(const Stream& stream)
{
    m_poller->remove(stream.socket());
    std::shared_ptr<Stream> last;
    std::lock_guard lock(m_mutex);
    if (auto found = m_streams.find(stream.id()); found != m_streams.end()) {
        last = std::move(found->second);
        m_streams.erase(found);
    }
}

Result<void> Pump::watch(const Stream& stream, int fd)
{
    return m_poller->add(fd, sys::Poller::Event::readable_once, source_key(stream.id()));
}

std::shared_ptr<Stream> Pump::find(uint64_t id)
{
    std::lock_guard lock(m_mutex);
    auto found = m_streams.find(id);
    return found == m_streams.end() ? nullptr : found->second;
}

void Pump::check_all()
{
    std::vector<std::shared_ptr<Stream>> streams;
    {
        std::lock_guard lock(m_mutex);
        for (auto& [id, stream] : m_streams)
            streams.push_back(stream);
    }
    int64_t now = monotonic_now();
    for (auto& stream : streams)
        stream->check(now, m_patience);
}

void Pump::wake_ready(Gathering& gathering)
{
    int64_t now = monotonic_now();
    std::erase_if(gathering, [now](auto& entry) {
        bool is_ready = now >= entry.second || entry.first->has_enough();
        if (is_ready)
            entry.first->wake();
        return is_ready;
    });
}

void Pump::work()
{
    constexpr int64_t millisecond = nanoseconds_per_second / 1000, longest = 5 * millisecond;
    int64_t checked_at = monotonic_now();
    Gathering gathering;
    for (;;) {
        bool is_idle = false;
        {
            std::lock_guard lock(m_mutex);
            if (m_stopping)
                return;
            is_idle = m_streams.empty();
        }
        int64_t usual = is_idle ? -1 : nanoseconds_per_second;
        auto keys = m_poller->wait(gathering.empty() ? usual : millisecond);
        if (!keys)
            return log_line(keys.error().message);
        for (uint64_t key : *keys) {
            auto stream = find(key / 2);
            if (stream && key == socket_key(stream->id()))
                stream->hang_up();
            else if (stream)
                gathering.emplace_back(std::move(stream), monotonic_now() + longest);
        }
        wake_ready(gathering);
        if (int64_t now = monotonic_now(); now - checked_at >= nanoseconds_per_second) {
            checked_at = now;
            check_all();
        }
    }
}

} // namespace quire::http
