#include "sys/thread.h"

#include <catch2/catch_test_macros.hpp>

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/strings.h"
#include "sys/process.h"

using namespace quire;

static int processors()
{
    cpu_set_t allowed;
    return ::sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 0;
}

TEST_CASE("a thread that works when the machine is idle leaves a processor free, as do its children")
{
    int all = processors();
    REQUIRE(all > 0);
    int policy = 0, of_thread = 0;
    Result<sys::Output> of_child = sys::Output();
    std::thread([&] {
        sys::work_when_idle();
        policy = ::sched_getscheduler(0);
        of_thread = processors();
        of_child = sys::run({.argv = {"nproc"}});
    }).join();
    CHECK(policy == SCHED_IDLE);
    CHECK(of_thread == std::max(1, all - 1));
    REQUIRE(of_child);
    CHECK(trim(of_child->out) == std::to_string(of_thread));
    CHECK(processors() == all); // the others go where they like
}

TEST_CASE("a thread that works when the machine is idle may use the only processor that it has")
{
    int left = 0;
    std::thread([&] {
        cpu_set_t one;
        CHECK(::sched_getaffinity(0, sizeof one, &one) == 0);
        for (int i = 0, had = 0; i < CPU_SETSIZE; ++i)
            if (CPU_ISSET(i, &one) && ++had > 1)
                CPU_CLR(i, &one);
        CHECK(::sched_setaffinity(0, sizeof one, &one) == 0);
        sys::work_when_idle();
        left = processors();
    }).join();
    CHECK(left == 1);
}
