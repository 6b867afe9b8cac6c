#include "http/stream.h"

#include "base/log.h"
#include "sys/socket.h"

namespace quire::http {

void Waker::wake() const
{
    if (auto stream = m_stream.lock())
        stream->wake();
}

void Stream::start()
{
    m_pump.add(shared_from_this());
    m_source->start(Waker(weak_from_this()));
}

ssize_t Stream::pull(char* buffer, size_t size)
{
    for (;;) {
        {
            std::lock_guard lock(m_mutex);
            m_handed_at = 0;
            m_woken = false;
            if (m_hung_up)
                return MHD_CONTENT_READER_END_WITH_ERROR;
        }
        auto pulled = m_source->pull(buffer, size);
        if (!pulled) {
            log("a streamed answer ended early: {}", pulled.error().message);
            return MHD_CONTENT_READER_END_WITH_ERROR;
        }
        if (pulled->state == Pull::State::wait && suspend(*pulled))
            return 0;
        if (pulled->state == Pull::State::wait)
            continue;
        std::lock_guard lock(m_mutex);
        m_handed_at = monotonic_now();
        return pulled->state == Pull::State::end ? MHD_CONTENT_READER_END_OF_STREAM
                                                 : static_cast<ssize_t>(pulled->size);
    }
}

/// Returns false if there is nothing to wait for any more.
bool Stream::suspend(const Pull& pull)
{
    std::lock_guard lock(m_mutex);
    if (m_woken || m_hung_up)
        return false;
    if (pull.fd >= 0)
        if (auto watched = m_pump.watch(*this, pull.fd); !watched) {
            log_line(watched.error().message);
            m_hung_up = true;
            return false;
        }
    m_state = State::waiting;
    m_until = pull.until;
    m_fd = pull.fd;
    m_enough = pull.enough;
    MHD_suspend_connection(m_connection);
    return true;
}

/// REQUIRES: the mutex is held.
void Stream::resume()
{
    if (m_state != State::waiting)
        return;
    m_state = State::sending;
    MHD_resume_connection(m_connection);
}

void Stream::wake()
{
    std::lock_guard lock(m_mutex);
    m_woken = true;
    resume();
}

bool Stream::has_enough()
{
    std::lock_guard lock(m_mutex);
    return m_state != State::waiting || m_enough <= 1 || sys::readable_bytes(m_fd) >= m_enough;
}

void Stream::hang_up()
{
    std::lock_guard lock(m_mutex);
    m_hung_up = true;
    resume();
}

void Stream::abandon()
{
    {
        std::lock_guard lock(m_mutex);
        m_state = State::over;
    }
    m_pump.remove(*this);
}

void Stream::check(int64_t now, int64_t patience)
{
    std::lock_guard lock(m_mutex);
    if (m_state == State::waiting && m_until != 0 && now >= m_until)
        resume();
    else if (m_state == State::sending && m_handed_at != 0 && now - m_handed_at > patience)
        sys::shut_down(m_socket);
}

} // namespace quire::http
