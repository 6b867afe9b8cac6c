// SecondThread: a second processor for work that somebody waits for.
//
//   SecondThread second([&] { take_pieces(); });
//   take_pieces();                               here, too
//
// It may not start at all, so what it does must be what the caller would do besides: both take pieces until none is
// left. It doesn't start on a machine of one processor, beside another SecondThread of the same process (a busy server
// has no use for it), in a thread whose work can wait, or if the processors are too busy until the caller is done.
#pragma once

#include <atomic>
#include <functional>

namespace quire::sys {

class SecondThread {
public:
    explicit SecondThread(std::function<void()> work);
    SecondThread(const SecondThread&) = delete;
    SecondThread& operator=(const SecondThread&) = delete;
    /// Waits for its end, if it has begun. What it cost counts as this thread's cost.
    ~SecondThread();

private:
    class Helper;

    static inline std::atomic<bool> is_there_one = false;
    Helper* m_helper = nullptr; ///< nullptr: it doesn't start
};

} // namespace quire::sys
