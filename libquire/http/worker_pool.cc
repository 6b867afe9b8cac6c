#include "http/worker_pool.h"

namespace quire::http {

WorkerPool::WorkerPool(unsigned threads, size_t capacity) : m_capacity(capacity)
{
    m_threads.emplace_back([this] { work(Takes::urgent); });
    for (unsigned i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { work(Takes::all); });
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::stop()
{
    std::deque<Job> dropped_urgent, dropped;
    {
        std::lock_guard lock(m_mutex);
        m_stopping = true;
        dropped_urgent.swap(m_urgent);
        dropped.swap(m_ordinary);
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
    m_threads.clear();
}

bool WorkerPool::submit(Job job, Urgency urgency)
{
    {
        std::lock_guard lock(m_mutex);
        std::deque<Job>& queue = urgency == Urgency::urgent ? m_urgent : m_ordinary;
        if (m_stopping || queue.size() >= m_capacity)
            return false;
        queue.push_back(std::move(job));
    }
    // Who is woken might be the one that does not take it.
    m_wake.notify_all();
    return true;
}

void WorkerPool::work(Takes takes)
{
    auto queue = [&]() -> std::deque<Job>* {
        return !m_urgent.empty() ? &m_urgent : takes == Takes::all && !m_ordinary.empty() ? &m_ordinary : nullptr;
    };
    for (;;) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [&] { return m_stopping || queue(); });
            if (m_stopping)
                return;
            std::deque<Job>* from = queue();
            job = std::move(from->front());
            from->pop_front();
        }
        job();
    }
}

} // namespace quire::http
