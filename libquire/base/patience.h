// Patience: how long work for a reader may go on: until a deadline, and only while the reader is still there.
//
// Loops ask is_over() as often as they like: the clock is all that most calls look at. Copies may be used by several
// threads, one copy not.
#pragma once

#include <algorithm>
#include <functional>
#include <limits>

#include "base/time.h"

namespace quire {

class Patience {
public:
    /// For ever.
    Patience() = default;
    /// Until an instant of monotonic_now(); `has_left` says whether the reader is gone, and costs a system call.
    explicit Patience(int64_t deadline, std::function<bool()> has_left = {})
        : m_deadline(deadline), m_has_left(std::move(has_left))
    {}

    bool is_over() const
    {
        if (m_is_over)
            return true;
        int64_t now = monotonic_now();
        constexpr int64_t between_looks = nanoseconds_per_second / 50;
        bool looks = m_has_left && now >= m_look_at;
        if (looks)
            m_look_at = now + between_looks;
        m_is_over = now > m_deadline || (looks && m_has_left());
        return m_is_over;
    }
    int64_t deadline() const { return m_deadline; }
    /// The same reader, and at most until then.
    Patience until(int64_t deadline) const { return Patience(std::min(deadline, m_deadline), m_has_left); }

private:
    int64_t m_deadline = std::numeric_limits<int64_t>::max();
    std::function<bool()> m_has_left;
    mutable int64_t m_look_at = 0;
    mutable bool m_is_over = false;
};

} // namespace quire
