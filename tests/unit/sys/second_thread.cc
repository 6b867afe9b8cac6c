#include "sys/second_thread.h"

#include <catch2/catch_test_macros.hpp>

#include <sched.h>

#include <thread>

#include "base/time.h"
#include "sys/thread.h"

using namespace quire;

/// Whether one begins that has ten seconds for it.
static bool begins()
{
    std::atomic<bool> has_begun = false;
    sys::SecondThread second([&] { has_begun = true; });
    for (int64_t end = monotonic_now() + 10 * nanoseconds_per_second; !has_begun && monotonic_now() < end;)
        std::this_thread::yield();
    return has_begun;
}

static bool has_two_processors()
{
    cpu_set_t allowed;
    return ::sched_getaffinity(0, sizeof allowed, &allowed) == 0 && CPU_COUNT(&allowed) > 1;
}

TEST_CASE("a second thread works on another processor than its caller, again and again")
{
    if (!has_two_processors())
        SKIP("this machine has one processor");
    for (int i = 0; i < 100; ++i)
        REQUIRE(begins());
    std::atomic<int> on = -1;
    int own = 0;
    // The system may move the caller meanwhile, so a few times.
    for (int i = 0; i < 100 && (on < 0 || on == own); ++i) {
        sys::SecondThread second([&] { on = ::sched_getcpu(); });
        own = ::sched_getcpu();
        for (int64_t end = monotonic_now() + nanoseconds_per_second; on < 0 && monotonic_now() < end;) {
        }
    }
    CHECK(on >= 0);
    CHECK(on != own);
}

TEST_CASE("a second thread has worked to the end, or not at all, when it is gone")
{
    for (int i = 0; i < 2000; ++i) {
        int begun = 0, done = 0;
        {
            sys::SecondThread second([&] {
                ++begun;
                std::this_thread::yield();
                ++done;
            });
            if (i % 2 == 0)
                std::this_thread::yield();
        }
        REQUIRE(begun == done);
        REQUIRE(begun <= 1);
    }
}

TEST_CASE("there is one second thread at a time, and none where there is one processor")
{
    {
        sys::SecondThread second([] {});
        CHECK_FALSE([] {
            bool has_begun = false;
            {
                sys::SecondThread third([&] { has_begun = true; });
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
            return has_begun;
        }());
    }
    bool has_begun = false;
    std::thread([&] {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<size_t>(::sched_getcpu()), &one);
        REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
        sys::SecondThread second([&] { has_begun = true; });
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }).join();
    CHECK_FALSE(has_begun);
}

TEST_CASE("what a second thread costs is its caller's cost")
{
    if (!has_two_processors())
        SKIP("this machine has one processor");
    int64_t before = sys::thread_cost();
    std::atomic<bool> is_over = false;
    {
        sys::SecondThread second([&] {
            int64_t end = sys::thread_cost() + nanoseconds_per_second / 20;
            while (sys::thread_cost() < end) {
            }
            is_over = true;
        });
        for (int64_t end = monotonic_now() + 30 * nanoseconds_per_second; !is_over && monotonic_now() < end;)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    CHECK(is_over);
    CHECK(sys::thread_cost() - before >= nanoseconds_per_second / 20);
}
