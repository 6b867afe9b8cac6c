#include "sys/second_thread.h"

#include <atomic>
#include <system_error>
#include <utility>

#include "base/way.h"
#include "sys/thread.h"

namespace quire::sys {

static std::atomic<bool> is_there_one = false;

SecondThread::SecondThread(std::function<void()> work)
{
    static const bool has_processor = std::thread::hardware_concurrency() > 1;
    if (!has_processor || gives_way() || is_there_one.exchange(true))
        return;
    try {
        m_thread = std::thread([this, work = std::move(work)] {
            work();
            m_cost = thread_cost();
        });
    } catch (const std::system_error&) { // no more threads: it goes without
        is_there_one = false;
    }
}

SecondThread::~SecondThread()
{
    if (!m_thread.joinable())
        return;
    m_thread.join();
    is_there_one = false;
    add_to_thread_cost(m_cost);
}

} // namespace quire::sys
