// SecondThread: a second processor for work that somebody waits for.
//
//   SecondThread second([&] { take_pieces(); });
//   take_pieces();                               here, too
//
// It may not start at all, so what it does must be what the caller would do besides: both take pieces until none is
// left. It doesn't start on a machine of one processor, beside another SecondThread of the same process (a busy server
// has no use for it), or in a thread whose work can wait.
#pragma once

#include <cstdint>
#include <functional>
#include <thread>

namespace quire::sys {

class SecondThread {
public:
    explicit SecondThread(std::function<void()> work);
    SecondThread(const SecondThread&) = delete;
    SecondThread& operator=(const SecondThread&) = delete;
    /// Waits for its end. What it cost counts as this thread's cost.
    ~SecondThread();

private:
    std::thread m_thread;
    int64_t m_cost = 0;
};

} // namespace quire::sys
