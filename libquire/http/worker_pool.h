// WorkerPool: threads that work on requests, in lanes, so that logged-in readers never wait for anonymous ones.
//
//   reader    for logged-in readers: threads that do nothing else, helped by the prompt ones
//   transfer  feeds, clones, archives: the prompt threads, before pages
//   page      a page for an anonymous reader: prompt threads while these have an allowance, else idle ones
//   costly    like page, but only a few at a time
//
// An idle thread, and the processes that it starts, get only the processor time that nothing else on the machine wants.
// The allowance is processor time: a person who opens a few pages finds a prompt thread, but a crowd of crawlers soon
// does not. Of the waiting jobs, the one with the smallest debt is next; if too many wait, the one with the largest
// gives way. A reader is told only when the lane's patience has run out (Job::give_up), so one who asks again at once
// is slowed down by waiting. Where only a few wait it is a longer one: no crowd made them late, but a busy machine.
// While the way is made (base/way.h), no page for an anonymous reader is begun, and idle threads stand still. stop(),
// which the destructor calls, closes the way, finishes the jobs that have begun and drops the others.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/time.h"
#include "base/way.h"

namespace quire::http {

enum class Lane { reader, transfer, page, costly };

struct Job {
    /// Returns its cost in nanoseconds of processor time.
    std::function<int64_t()> work;
    /// Called in place of `work`, on a thread for nothing else. It must be quick.
    std::function<void()> give_up;
    int64_t debt = 0; ///< what was spent on similar requests lately
};

struct WorkerLimits {
    unsigned readers = 4, prompt = 2, idle = 3; ///< threads
    unsigned costly = 2;                        ///< jobs at a time
    size_t waiting = 512;                       ///< pages, and as many costly ones
    int64_t patience = 2 * nanoseconds_per_second;
    size_t few = 4; ///< who wait in a lane; they have the long patience
    int64_t long_patience = 30 * nanoseconds_per_second;
    int64_t allowance = nanoseconds_per_second; ///< for pages, on prompt threads; readers who owe more get none of it
    double refill = 0.1;                        ///< how much of it comes back, for each nanosecond that passes
};

class WorkerPool {
public:
    explicit WorkerPool(const WorkerLimits& limits, std::shared_ptr<Way> way = std::make_shared<Way>());
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    ~WorkerPool();

    /// Returns false if the pool is stopped: the caller says "busy".
    bool submit(Lane lane, Job job);
    void stop();

private:
    static constexpr size_t lanes = 4;
    enum class Kind { reader, prompt, idle };
    struct Waiting {
        Job job;
        int64_t deadline = 0, last_deadline = 0; ///< the second one counts while few wait
    };
    using Queue = std::deque<Waiting>;
    /// A thread that waits for work.
    struct Sleeper {
        Kind kind;
        std::condition_variable wake;
    };

    Queue& queue_of(Lane lane) { return m_queues[static_cast<size_t>(lane)]; }
    static Queue::iterator next_of(Queue& queue);
    void work(Kind kind);
    void wait_for_work(std::unique_lock<std::mutex>& lock, Kind kind, bool makes_way);
    bool wake(Kind kind);
    void wake_for(Lane lane);
    std::optional<Lane> choose(Kind kind, bool makes_way);
    std::optional<Lane> choose_page(bool may_be_costly);
    bool has_allowance();
    void give_up_late_ones();

    WorkerLimits m_limits;
    std::mutex m_mutex;
    std::condition_variable m_late;
    std::vector<Sleeper*> m_sleepers;  ///< the one who fell asleep last is the last
    std::array<Queue, lanes> m_queues; ///< each in the order of arrival
    Queue m_given_way;                 ///< they wait to be told, in no order
    unsigned m_costly = 0;             ///< costly jobs that are running
    int64_t m_allowance, m_refilled_at;
    const std::shared_ptr<Way> m_way;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace quire::http
