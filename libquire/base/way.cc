#include "base/way.h"

#include <algorithm>

namespace quire {

/// Longer than a push over ssh takes from one thing that is noticed to the next.
constexpr int64_t usual_step = 50 * nanoseconds_per_second / 1000;
constexpr int64_t usual_longest = nanoseconds_per_second;
/// Which part of the time that it was made must pass without.
constexpr int64_t rest = 4;

Way::Way() : Way(usual_step, usual_longest) {}

void Way::make()
{
    std::lock_guard lock(m_mutex);
    if (m_is_closed)
        return;
    int64_t now = monotonic_now();
    int64_t had = m_end - m_begin;
    if (now > m_end + had / rest)
        m_begin = now;
    m_end = std::max(m_end.load(), std::min(now + m_step, m_begin + m_longest));
}

void Way::close()
{
    {
        std::lock_guard lock(m_mutex);
        m_is_closed = true;
        m_end = 0;
    }
    m_closing.notify_all();
}

void Way::wait(int64_t begin)
{
    int64_t now = begin;
    std::unique_lock lock(m_mutex);
    for (; now < m_end; now = monotonic_now())
        m_closing.wait_for(lock, std::chrono::nanoseconds(m_end - now));
    standing.past = m_end;
    standing.given += now - begin;
}

Way::Giver::Giver(Way& way) { standing = {&way, 0, 0}; }

Way::Giver::~Giver() { standing = {nullptr, 0, 0}; }

} // namespace quire
