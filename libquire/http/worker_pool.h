// WorkerPool: threads that take jobs from one bounded queue, first come, first served.
//
// stop(), which the destructor calls, finishes the jobs that have begun and drops the ones that have not.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace quire::http {

class WorkerPool {
public:
    using Job = std::function<void()>;

    WorkerPool(unsigned threads, size_t capacity);
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    ~WorkerPool();

    /// False when the queue is full or stopped: the caller says "busy".
    bool submit(Job job);
    void stop();

private:
    void work();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_queue;
    size_t m_capacity;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace quire::http
