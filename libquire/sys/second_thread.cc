#include "sys/second_thread.h"

#include <pthread.h>
#include <sched.h>

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "base/way.h"
#include "sys/thread.h"

namespace quire::sys {

/// The processors that the calling thread may use, without the one that it is on.
static cpu_set_t other_processors()
{
    cpu_set_t others;
    if (int own = ::sched_getcpu(); own >= 0 && ::sched_getaffinity(0, sizeof others, &others) == 0)
        CPU_CLR(own, &others);
    else
        CPU_ZERO(&others);
    return others;
}

/// The thread itself, which waits for work as long as the process lives. To make one each time would cost more, and it
/// would have no memory yet.
class SecondThread::Helper {
public:
    /// Throws std::system_error if the system has no more threads.
    Helper() : m_thread([this] { live(); }) {}

    void begin(std::function<void()> work, const cpu_set_t& processors)
    {
        // Left to itself, the system may wake it on the caller's processor, though another one is idle: it does so
        // where processors share no cache.
        (void)::pthread_setaffinity_np(m_thread.native_handle(), sizeof processors, &processors);
        {
            std::lock_guard lock(m_mutex);
            m_work = std::move(work);
        }
        m_asked.notify_one();
    }

    /// Waits for the end of the work, if it has begun, and returns its cost.
    int64_t end()
    {
        std::unique_lock lock(m_mutex);
        m_work = nullptr;
        m_done.wait(lock, [this] { return !m_is_working; });
        return std::exchange(m_cost, 0);
    }

private:
    [[noreturn]] void live()
    {
        std::unique_lock lock(m_mutex);
        for (;;) {
            m_asked.wait(lock, [this] { return m_work != nullptr; });
            auto work = std::exchange(m_work, nullptr);
            m_is_working = true;
            lock.unlock();
            int64_t before = thread_cost();
            work();
            work = nullptr;
            lock.lock();
            m_cost = thread_cost() - before;
            m_is_working = false;
            m_done.notify_one();
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_asked, m_done;
    std::function<void()> m_work; ///< that it has not begun yet
    bool m_is_working = false;
    int64_t m_cost = 0; ///< of the last work
    std::thread m_thread;
};

SecondThread::SecondThread(std::function<void()> work)
{
    static Helper* helper = nullptr; // never deleted: its thread waits in it while the process ends
    cpu_set_t others = other_processors();
    if (CPU_COUNT(&others) == 0 || gives_way() || is_there_one.exchange(true))
        return;
    try {
        if (!helper)
            helper = new Helper;
        m_helper = helper;
        m_helper->begin(std::move(work), others);
    } catch (const std::system_error&) { // no more threads: it goes without, this time
        is_there_one = false;
    }
}

SecondThread::~SecondThread()
{
    if (!m_helper)
        return;
    add_to_thread_cost(m_helper->end());
    is_there_one = false;
}

} // namespace quire::sys
