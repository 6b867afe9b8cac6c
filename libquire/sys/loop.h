// Loop waits for descriptors and deadlines and calls back. It is the only place where our programs sleep.
//
//   sys::Loop loop;
//   loop.watch(process.pidfd(), sys::Interest::readable, [&] { ... });
//   loop.after(10 * nanoseconds_per_second, [&] { ... });
//   TRY(loop.run_until([&] { return done; }));
//
// For one thread. It owns the callbacks but not the descriptors: unwatch a descriptor before closing it. A callback may
// watch, unwatch, start and cancel anything, including itself. Pidfds and signalfds are watched like other descriptors.
#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "base/result.h"

namespace quire::sys {

/// What to wait for. When a peer hangs up, every kind is called back; `hangup` waits for that and nothing else.
enum class Interest { readable, writable, hangup };

class Loop {
public:
    using Callback = std::function<void()>;
    /// Identifies a watch or a timer. It is never 0 and never used twice.
    using Id = uint64_t;

    Loop() = default;
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    Id watch(int fd, Interest interest, Callback callback);
    /// Calls back once, after that many nanoseconds; with 0, in the next turn.
    Id after(int64_t nanoseconds, Callback callback);
    /// Ends a watch or a timer. Does nothing for 0 and for one that has ended already.
    void cancel(Id id);

    bool idle() const { return m_watches.empty() && m_timers.empty(); }

    /// Waits until something happens, but at most `limit` nanoseconds (-1: without limit), then calls back.
    Result<void> turn(int64_t limit = -1);
    /// Runs turns until the condition holds.
    Result<void> run_until(const std::function<bool()>& condition);

private:
    struct Watch {
        int fd;
        Interest interest;
        Callback callback;
    };
    struct Timer {
        int64_t deadline;
        Callback callback;
    };

    void call_timers();

    Id m_next = 1;
    std::map<Id, Watch> m_watches;
    std::map<Id, Timer> m_timers;
};

} // namespace quire::sys
