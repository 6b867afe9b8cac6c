// WorkerPool: threads that do what requests ask for, in lanes, so that who is logged in never waits for who is not.
//
//   reader    somebody is logged in: threads that do nothing else, and help from the prompt ones
//   transfer  feeds, clones, archives: the prompt threads, before pages
//   page      a page for an anonymous reader: prompt threads while these have an allowance, else idle ones
//   costly    as above, and few at a time
//
// An idle thread gets, as do the processes that it starts, only the processor time that nobody else on the machine
// wants. The allowance is processor time: a person who opens some pages finds a prompt thread, and a crowd of crawlers
// soon does not. Of the jobs that wait the one with the smallest debt is next, and when too many wait the one with the
// largest gives way. Who has waited for as long as its lane's patience is told so (Job::give_up), not sooner: whoever
// asks again at once is kept busy by waiting. stop(), which the destructor calls, finishes the jobs that have begun and
// drops the others.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/time.h"

namespace quire::http {

enum class Lane { reader, transfer, page, costly };

struct Job {
    /// Yields what it cost: nanoseconds of processor time.
    std::function<int64_t()> work;
    /// Called instead of `work`, on a thread that only does that: it must not take long.
    std::function<void()> give_up;
    int64_t debt = 0; ///< what was spent on its like lately
};

struct WorkerLimits {
    unsigned readers = 4, prompt = 2, idle = 3; ///< threads
    unsigned costly = 2;                        ///< jobs at a time
    size_t waiting = 512;                       ///< pages, and as many costly ones
    int64_t patience = 2 * nanoseconds_per_second;
    int64_t allowance = nanoseconds_per_second; ///< of the prompt threads, for pages; who owes more gets none of it
    double refill = 0.2;                        ///< of it, in nanoseconds for each that passes
};

class WorkerPool {
public:
    explicit WorkerPool(const WorkerLimits& limits);
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    ~WorkerPool();

    /// False when stopped: the caller says "busy".
    bool submit(Lane lane, Job job);
    void stop();

private:
    static constexpr size_t lanes = 4;
    enum class Kind { reader, prompt, idle };
    struct Waiting {
        Job job;
        int64_t deadline = 0;
    };
    using Queue = std::deque<Waiting>;

    Queue& queue_of(Lane lane) { return m_queues[static_cast<size_t>(lane)]; }
    static Queue::iterator next_of(Queue& queue);
    void work(Kind kind);
    void wait_for_work(std::unique_lock<std::mutex>& lock, Kind kind);
    std::optional<Lane> choose(Kind kind);
    std::optional<Lane> choose_page(bool may_be_costly);
    bool has_allowance();
    void give_up_late_ones();

    WorkerLimits m_limits;
    std::mutex m_mutex;
    std::condition_variable m_wake, m_late;
    std::array<Queue, lanes> m_queues; ///< each: who came first stands first
    Queue m_given_way;                 ///< wait to be told, in no order
    unsigned m_costly = 0;             ///< costly jobs that have begun
    int64_t m_allowance, m_refilled_at;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace quire::http
