// Loop waits for descriptors and deadlines, and calls back: the one place where a program of ours sleeps.
//
//   sys::Loop loop;
//   loop.watch(process.pidfd(), sys::Interest::readable, [&] { ... });
//   loop.after(10 * nanoseconds_per_second, [&] { ... });
//   TRY(loop.run_until([&] { return done; }));
//
// One thread. It owns callbacks, never descriptors: unwatch before closing one. A callback may watch,
// unwatch, start and cancel anything, itself too. Pidfds and signalfds are descriptors like any other.
#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "base/result.h"

namespace quire::sys {

/// A peer that hung up counts as all of them; of hangup, nothing else does.
enum class Interest { readable, writable, hangup };

class Loop {
public:
    using Callback = std::function<void()>;
    /// Names a watch or a timer; never 0, never used twice.
    using Id = uint64_t;

    Loop() = default;
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    Id watch(int fd, Interest interest, Callback callback);
    /// Calls back once, after that many nanoseconds; 0: in the next turn.
    Id after(int64_t nanoseconds, Callback callback);
    /// Ends a watch or a timer. One that is over already is fine, 0 is too.
    void cancel(Id id);

    bool idle() const { return m_watches.empty() && m_timers.empty(); }

    /// Waits at most `limit` nanoseconds (-1: without end) for something to happen, then calls back.
    Result<void> turn(int64_t limit = -1);
    /// Turns until the condition holds.
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
