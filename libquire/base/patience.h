// Patience says how long to work for a reader: until a deadline, and only while the reader is still connected.
//
// Loops may call is_over() as often as they like: most calls only look at the clock. Each thread needs its own copy;
// one copy must not be used by two threads. Where the thread does work that can wait, is_over() also makes way for what
// is more important (base/way.h), so call it where no lock is held. The time that takes is not counted.
#pragma once

#include <algorithm>
#include <functional>
#include <limits>

#include "base/time.h"
#include "base/way.h"

namespace quire {

class Patience {
public:
    /// Never runs out.
    Patience() = default;
    /// Runs out at `deadline` (by monotonic_now()), or when `has_left` says that the reader is gone (a system call).
    explicit Patience(int64_t deadline, std::function<bool()> has_left = {})
        : m_deadline(deadline), m_has_left(std::move(has_left))
    {}

    bool is_over() const
    {
        if (m_is_over)
            return true;
        give_way();
        int64_t now = monotonic_now();
        constexpr int64_t between_looks = nanoseconds_per_second / 50;
        bool looks = m_has_left && now >= m_look_at;
        if (looks)
            m_look_at = now + between_looks;
        m_is_over = now > deadline() || (looks && m_has_left());
        return m_is_over;
    }
    int64_t deadline() const
    {
        int64_t given = std::max<int64_t>(time_given() - m_given_before, 0);
        return m_deadline > never - given ? never : m_deadline + given;
    }
    /// Patience with the same reader that ends at `deadline` if that comes sooner.
    Patience until(int64_t sooner) const { return Patience(std::min(sooner, deadline()), m_has_left); }

private:
    static constexpr int64_t never = std::numeric_limits<int64_t>::max();
    int64_t m_deadline = never;
    int64_t m_given_before = time_given();
    std::function<bool()> m_has_left;
    mutable int64_t m_look_at = 0;
    mutable bool m_is_over = false;
};

} // namespace quire
