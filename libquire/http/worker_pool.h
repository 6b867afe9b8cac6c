// WorkerPool: threads that take jobs from two bounded queues, first come, first served.
//
// Urgent jobs go before the others, and one thread takes nothing else: they never wait for one that is not urgent to
// end. stop(), which the destructor calls, finishes the jobs that have begun and drops the ones that have not.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace quire::http {

enum class Urgency { urgent, ordinary };

class WorkerPool {
public:
    using Job = std::function<void()>;

    /// `threads` for all jobs, and one more for urgent ones. Each queue holds `capacity` jobs.
    WorkerPool(unsigned threads, size_t capacity);
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    ~WorkerPool();

    /// False when the queue is full or stopped: the caller says "busy".
    bool submit(Job job, Urgency urgency);
    void stop();

private:
    enum class Takes { urgent, all };
    void work(Takes takes);

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_urgent, m_ordinary;
    size_t m_capacity;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace quire::http
