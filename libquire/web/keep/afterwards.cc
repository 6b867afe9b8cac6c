#include "web/keep/afterwards.h"

#include <algorithm>
#include <new>

#include "base/log.h"
#include "sys/memory.h"
#include "sys/thread.h"

namespace quire::web {

constexpr size_t max_waiting = 16;

Afterwards::~Afterwards()
{
    {
        std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    m_way->close();
    if (m_thread.joinable())
        m_thread.join();
}

void Afterwards::add(std::string key, std::function<void()> work)
{
    std::lock_guard lock(m_mutex);
    bool is_waiting = std::any_of(m_tasks.begin(), m_tasks.end(), [&](const Task& task) { return task.key == key; });
    if (is_waiting || m_tasks.size() >= max_waiting || m_stopping)
        return;
    m_tasks.push_back({std::move(key), std::move(work)});
    if (!m_thread.joinable())
        m_thread = std::thread([this] { run(); });
    m_wake.notify_one();
}

void Afterwards::run()
{
    sys::work_when_idle();
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [this] { return m_stopping || !m_tasks.empty(); });
        if (m_stopping)
            return;
        std::function<void()> work = std::move(m_tasks.front().work);
        lock.unlock();
        try {
            sys::DoesNotWait unless_given_up;
            Way::Giver giver(*m_way);
            work();
        } catch (const std::bad_alloc&) {
            log("no memory is left for what pages show later");
        }
        work = nullptr;
        lock.lock();
        m_tasks.pop_front();
    }
}

} // namespace quire::web
