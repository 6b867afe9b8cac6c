#include "http/worker_pool.h"

#include <algorithm>

#include "sys/memory.h"
#include "sys/second_thread.h"
#include "sys/thread.h"

namespace quire::http {

/// For logged-in readers and for transfers: as many as there can be connections.
constexpr size_t ample = 4096;
constexpr int64_t never = INT64_MAX;
/// Enough memory for making most pages.
constexpr size_t page_memory = 1u << 20;

WorkerPool::WorkerPool(const WorkerLimits& limits, std::shared_ptr<Way> way)
    : m_limits(limits), m_allowance(limits.allowance), m_refilled_at(monotonic_now()), m_way(std::move(way))
{
    auto start = [&](Kind kind, unsigned count) {
        for (unsigned i = 0; i < count; ++i)
            m_threads.emplace_back([this, kind] { work(kind); });
    };
    start(Kind::reader, limits.readers);
    start(Kind::prompt, limits.prompt);
    start(Kind::idle, limits.idle);
    m_threads.emplace_back([this] { give_up_late_ones(); });
}

WorkerPool::~WorkerPool() { stop(); }

void WorkerPool::stop()
{
    std::array<Queue, lanes> dropped;
    Queue dropped_too;
    {
        std::lock_guard lock(m_mutex);
        m_stopping = true;
        dropped.swap(m_queues);
        dropped_too.swap(m_given_way);
        for (Sleeper* sleeper : m_sleepers)
            sleeper->wake.notify_one();
    }
    m_way->close();
    m_late.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
    m_threads.clear();
}

static bool owes_less(const auto& a, const auto& b) { return a.job.debt < b.job.debt; }

/// REQUIRES: the queue is not empty.
WorkerPool::Queue::iterator WorkerPool::next_of(Queue& queue)
{
    return std::min_element(queue.begin(), queue.end(), owes_less<Waiting, Waiting>);
}

bool WorkerPool::submit(Lane lane, Job job)
{
    bool is_patient = lane == Lane::reader || lane == Lane::transfer;
    {
        std::lock_guard lock(m_mutex);
        if (m_stopping)
            return false;
        Queue& queue = queue_of(lane);
        int64_t now = monotonic_now();
        int64_t deadline = is_patient ? never : now + m_limits.patience;
        queue.push_back({std::move(job), deadline, is_patient ? never : now + m_limits.long_patience});
        if (queue.size() > (is_patient ? ample : m_limits.waiting)) {
            auto most = std::max_element(queue.begin(), queue.end(), owes_less<Waiting, Waiting>);
            if (is_patient)
                most->deadline = 0;
            m_given_way.push_back(std::move(*most));
            queue.erase(most);
        }
        wake_for(lane);
    }
    if (!is_patient)
        m_late.notify_one();
    return true;
}

/// REQUIRES: the mutex is held.
bool WorkerPool::has_allowance()
{
    int64_t now = monotonic_now();
    auto refill = static_cast<int64_t>(static_cast<double>(now - m_refilled_at) * m_limits.refill);
    m_allowance = std::min(m_limits.allowance, m_allowance + refill);
    m_refilled_at = now;
    return m_allowance > 0;
}

/// What a prompt thread may do for anonymous readers. REQUIRES: the mutex is held.
std::optional<Lane> WorkerPool::choose_page(bool may_be_costly)
{
    for (Lane lane : {Lane::page, Lane::costly}) {
        Queue& queue = queue_of(lane);
        if (queue.empty() || (lane == Lane::costly && !may_be_costly))
            continue;
        if (next_of(queue)->job.debt < m_limits.allowance && has_allowance())
            return lane;
    }
    return std::nullopt;
}

/// What a thread does next. REQUIRES: the mutex is held.
std::optional<Lane> WorkerPool::choose(Kind kind, bool makes_way)
{
    auto has = [&](Lane lane) { return !queue_of(lane).empty(); };
    bool may_be_costly = m_costly < m_limits.costly;
    if (kind == Kind::idle && makes_way)
        return std::nullopt;
    if (kind == Kind::idle) // ordinary pages find more threads than costly ones
        return has(Lane::costly) && may_be_costly ? std::optional(Lane::costly)
               : has(Lane::page)                  ? std::optional(Lane::page)
                                                  : std::nullopt;
    if (has(Lane::reader))
        return Lane::reader;
    if (kind == Kind::reader)
        return std::nullopt;
    if (has(Lane::transfer))
        return Lane::transfer;
    return makes_way ? std::nullopt : choose_page(may_be_costly);
}

/// Wakes the thread of this kind that fell asleep last: its memory is the warmest. False if none sleeps.
/// REQUIRES: the mutex is held.
bool WorkerPool::wake(Kind kind)
{
    auto last = std::find_if(m_sleepers.rbegin(), m_sleepers.rend(), [&](Sleeper* one) { return one->kind == kind; });
    if (last == m_sleepers.rend())
        return false;
    (*last)->wake.notify_one();
    m_sleepers.erase(std::next(last).base()); // the next job wakes another one
    return true;
}

/// Wakes who takes a job of this lane, and nobody else: a crowd that wakes up in vain costs more than a small page.
/// REQUIRES: the mutex is held.
void WorkerPool::wake_for(Lane lane)
{
    if (lane == Lane::reader) {
        if (!wake(Kind::reader))
            wake(Kind::prompt);
        return;
    }
    bool is_taken = (lane == Lane::transfer || choose(Kind::prompt, m_way->is_made())) && wake(Kind::prompt);
    if (is_taken || lane == Lane::transfer)
        return;
    wake(Kind::idle);
    wake(Kind::prompt); // it looks again when the allowance has grown
}

/// REQUIRES: the lock is held. Nothing wakes a thread when the allowance has grown, or when the pool need not make way
/// any more, so it looks by itself.
void WorkerPool::wait_for_work(std::unique_lock<std::mutex>& lock, Kind kind, bool makes_way)
{
    constexpr int64_t growth = nanoseconds_per_second / 20;
    bool are_waiting = !(queue_of(Lane::page).empty() && queue_of(Lane::costly).empty());
    int64_t until = 0;
    if (kind == Kind::prompt && are_waiting) {
        wake(Kind::idle); // what was to be done when this thread was woken
        until = growth;
    } else if (kind == Kind::idle && are_waiting && makes_way) {
        until = std::max<int64_t>(m_way->end() - monotonic_now(), 1);
    }
    Sleeper sleeper{kind, {}};
    m_sleepers.push_back(&sleeper);
    if (until > 0)
        sleeper.wake.wait_for(lock, std::chrono::nanoseconds(until));
    else
        sleeper.wake.wait(lock);
    std::erase(m_sleepers, &sleeper);
}

void WorkerPool::work(Kind kind)
{
    if (kind == Kind::idle) {
        sys::work_when_idle();
    } else {
        auto ready = [] { sys::ready_heap(page_memory); };
        sys::SecondThread second(ready); // the one that will work beside this one
        ready();
    }
    std::unique_lock lock(m_mutex);
    for (;;) {
        std::optional<Lane> lane;
        for (;;) {
            bool declines = m_way->is_made();
            if (m_stopping || (lane = choose(kind, declines)))
                break;
            wait_for_work(lock, kind, declines);
        }
        if (m_stopping)
            return;
        auto next = next_of(queue_of(*lane));
        Job job = std::move(next->job);
        queue_of(*lane).erase(next);
        bool is_costly = *lane == Lane::costly;
        m_costly += is_costly;
        lock.unlock();
        std::optional<Way::Giver> giver;
        if (kind == Kind::idle)
            giver.emplace(*m_way);
        int64_t cost = job.work();
        giver.reset();
        job = {};
        lock.lock();
        m_costly -= is_costly;
        if (kind == Kind::prompt && *lane != Lane::reader)
            m_allowance -= cost;
        if (is_costly && !queue_of(Lane::costly).empty())
            wake_for(Lane::costly);
    }
}

/// The body of a thread that answers those who have waited in vain.
void WorkerPool::give_up_late_ones()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        int64_t now = monotonic_now(), next = never;
        Queue late;
        for (Queue* queue : {&queue_of(Lane::page), &queue_of(Lane::costly), &m_given_way}) {
            if (queue != &m_given_way && queue->size() <= m_limits.few)
                for (Waiting& waiting : *queue)
                    if (waiting.deadline <= now)
                        waiting.deadline = std::min(now + m_limits.patience, waiting.last_deadline);
            auto on_time = std::stable_partition(queue->begin(), queue->end(),
                                                 [&](const Waiting& waiting) { return waiting.deadline > now; });
            late.insert(late.end(), std::move_iterator(on_time), std::move_iterator(queue->end()));
            queue->erase(on_time, queue->end());
            for (const Waiting& waiting : *queue)
                next = std::min(next, waiting.deadline);
        }
        if (!late.empty()) {
            lock.unlock();
            for (Waiting& waiting : late)
                waiting.job.give_up();
            late.clear();
            lock.lock();
        } else if (next == never) {
            m_late.wait(lock);
        } else {
            m_late.wait_for(lock, std::chrono::nanoseconds(next - now));
        }
    }
}

} // namespace quire::http
