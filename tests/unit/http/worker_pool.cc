#include "http/worker_pool.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <future>
#include <sched.h>

using namespace quire;
using namespace quire::http;

namespace {

constexpr int64_t for_ever = 3600 * nanoseconds_per_second;

/// Jobs that say what became of them, in order.
class Log {
public:
    Job job(std::string name, int64_t debt = 0, int64_t cost = 0)
    {
        return {[this, name, cost] {
                    add(name);
                    return cost;
                },
                [this, name] { add("not " + name); }, debt};
    }
    /// One that goes on until the gate is open.
    Job waiting_job(std::string name, std::shared_future<void> gate)
    {
        return {[this, name, gate] {
                    add(name);
                    gate.wait();
                    return int64_t{0};
                },
                [this, name] { add("not " + name); }, 0};
    }
    void add(const std::string& name)
    {
        std::lock_guard lock(m_mutex);
        m_happened.push_back(name);
        m_changed.notify_all();
    }
    std::vector<std::string> wait_for(size_t count)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, std::chrono::seconds(60), [&] { return m_happened.size() >= count; });
        return m_happened;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::string> m_happened;
};

} // namespace

TEST_CASE("worker pool: who is logged in is served while every other thread is taken")
{
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    Log log;
    WorkerPool pool({.readers = 1, .prompt = 1, .idle = 2, .costly = 2, .patience = for_ever});
    for (int i = 0; i < 10; ++i)
        pool.submit(i % 2 == 0 ? Lane::page : Lane::costly, log.waiting_job("crowd", opened));
    log.wait_for(3);
    for (int i = 0; i < 3; ++i)
        pool.submit(Lane::reader, log.job("mine"));
    CHECK(log.wait_for(6) == std::vector<std::string>{"crowd", "crowd", "crowd", "mine", "mine", "mine"});
    gate.set_value();
    CHECK(log.wait_for(13).size() == 13);
}

TEST_CASE("worker pool: of those who wait the one that owes least is next, and the one that owes most gives way")
{
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    Log log;
    WorkerPool pool({.readers = 0, .prompt = 0, .idle = 1, .waiting = 3, .patience = for_ever});
    pool.submit(Lane::page, log.waiting_job("first", opened));
    log.wait_for(1);
    pool.submit(Lane::page, log.job("owes much", 500));
    pool.submit(Lane::page, log.job("owes most", 900));
    pool.submit(Lane::page, log.job("owes something", 100));
    pool.submit(Lane::page, log.job("owes nothing"));
    gate.set_value();
    std::vector<std::string> expected = {"first", "owes nothing", "owes something", "owes much"};
    CHECK(log.wait_for(4) == expected);
    pool.submit(Lane::page, log.job("a later one"));
    expected.push_back("a later one");
    CHECK(log.wait_for(5) == expected);
}

TEST_CASE("worker pool: who finds no thread in time is told, and not before")
{
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    Log log;
    constexpr int64_t patience = nanoseconds_per_second / 5;
    WorkerPool pool({.readers = 0, .prompt = 0, .idle = 1, .costly = 1, .waiting = 1, .patience = patience, .few = 0});
    pool.submit(Lane::costly, log.waiting_job("first", opened));
    log.wait_for(1);
    int64_t before = monotonic_now();
    pool.submit(Lane::costly, log.job("one that gives way", 900));
    pool.submit(Lane::costly, log.job("one that waits"));
    auto told = log.wait_for(3);
    CHECK(monotonic_now() >= before + patience);
    std::ranges::sort(told);
    CHECK(told == std::vector<std::string>{"first", "not one that gives way", "not one that waits"});
    gate.set_value();
    // The thread works when the machine has nothing else to do, which may be later than this pool's patience.
    size_t asked = 0;
    do {
        pool.submit(Lane::costly, log.job("a later one"));
        ++asked;
    } while (log.wait_for(3 + asked).back() != "a later one" && asked < 500);
    CHECK(log.wait_for(3 + asked).back() == "a later one");
}

TEST_CASE("worker pool: a reader with whom nobody else waits is not refused for a long time")
{
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    Log log, clock_log;
    constexpr int64_t patience = nanoseconds_per_second / 50, long_patience = 10 * patience;
    WorkerLimits limits{.readers = 0, .prompt = 0, .idle = 1, .costly = 1, .patience = patience, .few = 1};
    limits.long_patience = for_ever;
    WorkerPool pool(limits);
    pool.submit(Lane::costly, log.waiting_job("first", opened));
    log.wait_for(1);
    pool.submit(Lane::costly, log.job("a lone one"));

    limits.long_patience = long_patience;
    WorkerPool other(limits);
    other.submit(Lane::page, clock_log.waiting_job("first", opened));
    clock_log.wait_for(1);
    int64_t before = monotonic_now();
    other.submit(Lane::page, clock_log.job("one that waits for the long patience"));
    CHECK(clock_log.wait_for(2).back() == "not one that waits for the long patience");
    CHECK(monotonic_now() >= before + long_patience);
    gate.set_value();
    CHECK(log.wait_for(2) == std::vector<std::string>{"first", "a lone one"});
}

TEST_CASE("worker pool: few costly jobs go on at a time, and leave threads for pages")
{
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    Log log;
    WorkerPool pool({.readers = 0, .prompt = 1, .idle = 2, .costly = 2, .patience = for_ever});
    for (int i = 0; i < 4; ++i)
        pool.submit(Lane::costly, log.waiting_job("costly", opened));
    log.wait_for(2);
    pool.submit(Lane::page, log.job("page"));
    CHECK(log.wait_for(3) == std::vector<std::string>{"costly", "costly", "page"});
    gate.set_value();
    CHECK(log.wait_for(5).size() == 5);
}

TEST_CASE("worker pool: prompt threads work for pages within their allowance, and for transfers always")
{
    Log log;
    WorkerPool pool({.readers = 0, .prompt = 1, .idle = 0, .patience = for_ever, .allowance = 100, .refill = 0});
    pool.submit(Lane::page, log.job("a page", 0, 1000));
    log.wait_for(1);
    pool.submit(Lane::page, log.job("another"));
    pool.submit(Lane::transfer, log.job("a clone", 0, 1000));
    pool.submit(Lane::transfer, log.job("a feed"));
    CHECK(log.wait_for(3) == std::vector<std::string>{"a page", "a clone", "a feed"});
    pool.stop();
    CHECK(log.wait_for(3).size() == 3); // what has not begun is dropped
    CHECK_FALSE(pool.submit(Lane::page, log.job("late")));
}

TEST_CASE("worker pool: while it makes way no page for an anonymous reader is begun, but not for long")
{
    Log log;
    constexpr int64_t step = nanoseconds_per_second / 30;
    auto way = std::make_shared<Way>(step, 10 * step);
    WorkerPool pool({.readers = 1, .prompt = 1, .idle = 1, .patience = for_ever}, way);
    std::atomic<int64_t> made_at = 0;
    auto page = [&]() -> Job {
        return {[&] {
                    made_at = monotonic_now();
                    log.add("page");
                    return int64_t{0};
                },
                [] {}, 0};
    };
    int64_t called_at = monotonic_now();
    way->make();
    pool.submit(Lane::page, page());
    pool.submit(Lane::transfer, log.job("a clone"));
    pool.submit(Lane::reader, log.job("mine"));
    CHECK(log.wait_for(3).size() == 3);
    CHECK(made_at >= called_at + step);

    std::atomic<bool> is_over = false;
    std::thread pushes([&] {
        while (!is_over)
            way->make();
    });
    for (size_t i = 0; i < 3; ++i) {
        pool.submit(Lane::page, page());
        CHECK(log.wait_for(4 + i).size() == 4 + i);
    }
    is_over = true;
    pushes.join();
}

TEST_CASE("worker pool: a page under way stands still while the way is made, and what is the owner's does not")
{
    Log log;
    auto way = std::make_shared<Way>(for_ever, for_ever);
    WorkerPool pool({.readers = 1, .prompt = 1, .idle = 2, .costly = 2, .patience = for_ever, .allowance = 0}, way);
    std::promise<void> gate;
    auto opened = gate.get_future().share();
    auto page = [&]() -> Job {
        return {[&log, opened] {
                    log.add("page begins");
                    opened.wait();
                    give_way();
                    log.add("page ends");
                    return int64_t{0};
                },
                [] {}, 0};
    };
    pool.submit(Lane::costly, page());
    pool.submit(Lane::page, page());
    std::vector<std::string> expected = {"page begins", "page begins"};
    CHECK(log.wait_for(2) == expected);
    way->make();
    gate.set_value();
    pool.submit(Lane::reader, {[&log] {
                                   give_way();
                                   log.add("mine");
                                   return int64_t{0};
                               },
                               [] {}, 0});
    pool.submit(Lane::transfer, {[&log] {
                                     give_way();
                                     log.add("a clone");
                                     return int64_t{0};
                                 },
                                 [] {}, 0});
    pool.submit(Lane::page, log.job("not begun"));
    auto happened = log.wait_for(4);
    std::ranges::sort(happened);
    CHECK(happened == std::vector<std::string>{"a clone", "mine", "page begins", "page begins"});
    pool.stop(); // the pages end, else this would wait for an hour
    happened = log.wait_for(6);
    CHECK(std::ranges::count(happened, "page ends") == 2);
    CHECK(happened.size() == 6);
}

TEST_CASE("worker pool: a page that stood still goes on and ends")
{
    Log log;
    auto way = std::make_shared<Way>(nanoseconds_per_second / 20, nanoseconds_per_second / 5);
    WorkerPool pool({.readers = 0, .prompt = 0, .idle = 1, .patience = for_ever}, way);
    std::atomic<int64_t> given = 0, ended_at = 0;
    // Made again and again, so that the page meets it however slow the machine is.
    pool.submit(Lane::page, {[&] {
                                 while (time_given() == 0) {
                                     way->make();
                                     give_way();
                                 }
                                 given = time_given();
                                 ended_at = monotonic_now();
                                 log.add("page");
                                 return int64_t{0};
                             },
                             [] {}, 0});
    log.wait_for(1);
    CHECK(given > 0);
    CHECK(ended_at >= way->end());
    pool.submit(Lane::page, {[&] {
                                 given = time_given();
                                 log.add("the next");
                                 return int64_t{0};
                             },
                             [] {}, 0});
    CHECK(log.wait_for(2) == std::vector<std::string>{"page", "the next"});
    CHECK(given == 0); // each job's is its own
}

TEST_CASE("worker pool: what is made when the machine is idle leaves a processor free")
{
    auto processors = [] {
        cpu_set_t allowed;
        return ::sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 0;
    };
    Log log;
    auto counting = [&](const std::string& name) -> Job {
        return {[&log, processors, name] {
                    log.add(name + std::to_string(processors()));
                    return int64_t{0};
                },
                [] {}, 0};
    };
    WorkerPool pool({.readers = 1, .prompt = 0, .idle = 1, .patience = for_ever});
    pool.submit(Lane::reader, counting("reader "));
    log.wait_for(1);
    pool.submit(Lane::costly, counting("costly "));
    int all = processors();
    CHECK(log.wait_for(2) ==
          std::vector<std::string>{"reader " + std::to_string(all), "costly " + std::to_string(std::max(1, all - 1))});
}

TEST_CASE("worker pool: each job wakes a thread that may take it")
{
    Log log;
    WorkerPool pool({.readers = 1,
                     .prompt = 2,
                     .idle = 2,
                     .costly = 1,
                     .waiting = 10'000,
                     .patience = for_ever,
                     .allowance = 100,
                     .refill = 0}); // the first page takes it all
    size_t jobs = 0;
    for (size_t round = 0; round < 300; ++round) {
        for (Lane lane : {Lane::page, Lane::reader, Lane::costly, Lane::transfer}) {
            REQUIRE(pool.submit(lane, log.job("done", 0, 1000)));
            ++jobs;
            if (round % 3 == 0) // else they come while others are being woken
                REQUIRE(log.wait_for(jobs).size() == jobs);
        }
    }
    CHECK(log.wait_for(jobs).size() == jobs);
}
