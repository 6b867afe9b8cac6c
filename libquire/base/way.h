// Way: what can wait makes way for what is more important.
//
//   Way::Giver giver(way);   for as long as a thread does work that can wait
//   give_way();              in the middle of that work: stands still while the way is made
//   way.make();              something more important has begun; on any thread
//
// A thread without a Giver never stands still. Whoever calls give_way() must hold no lock, and nothing else that more
// important work waits for. That work goes on standing still is bounded, however often the way is made, and the time is
// not counted: Patience (base/patience.h), which calls give_way(), runs out later by as much.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "base/time.h"

namespace quire {

class Way {
public:
    /// As is right for a person's pushes.
    Way();
    /// It is made for `step` nanoseconds each time. If that happens again and again it ends after `longest`, and is not
    /// made again before a part of that has passed.
    Way(int64_t step, int64_t longest) : m_step(step), m_longest(longest) {}
    Way(const Way&) = delete;
    Way& operator=(const Way&) = delete;

    void make();
    /// When it ends or ended, by monotonic_now().
    int64_t end() const { return m_end; }
    bool is_made() const { return end() > monotonic_now(); }
    /// From now on nobody stands still.
    void close();

    /// While it lives, its thread gives way. A thread has one at a time.
    class Giver {
    public:
        explicit Giver(Way& way);
        Giver(const Giver&) = delete;
        Giver& operator=(const Giver&) = delete;
        ~Giver();
    };

private:
    friend void give_way();
    friend bool gives_way();
    void wait(int64_t now);

    const int64_t m_step, m_longest;
    std::mutex m_mutex;
    std::condition_variable m_closing;
    int64_t m_begin = 0;
    std::atomic<int64_t> m_end = 0;
    bool m_is_closed = false;

    /// Of the thread: whom it gives way, until when the way was made that it knows to be over, and how long it has
    /// stood still.
    struct Standing {
        Way* way;
        int64_t past, given;
    };
    static inline constinit thread_local Standing standing{nullptr, 0, 0};
    friend int64_t time_given();
};

/// Stands still while the way is made.
inline void give_way()
{
    Way* way = Way::standing.way;
    if (!way || way->end() <= Way::standing.past)
        return;
    way->wait(monotonic_now());
}

/// Whether the thread has a Giver.
inline bool gives_way() { return Way::standing.way != nullptr; }

/// How long the thread has stood still since its Giver was made.
inline int64_t time_given() { return Way::standing.given; }

} // namespace quire
