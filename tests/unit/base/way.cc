#include "base/way.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "base/patience.h"

using namespace quire;

namespace {

constexpr int64_t moment = nanoseconds_per_second / 100, for_ever = 3600 * nanoseconds_per_second;

} // namespace

TEST_CASE("way: who gives way stands still until it ends, others never")
{
    Way way(moment, 10 * moment);
    way.make();
    int64_t end = way.end();
    CHECK(time_given() == 0);
    give_way(); // a thread without a Giver
    CHECK(time_given() == 0);
    {
        Way::Giver giver(way);
        way.make();
        CHECK(way.end() >= end);
        give_way();
        CHECK_FALSE(way.is_made());
        int64_t given = time_given();
        CHECK(given > 0);
        give_way();
        CHECK(time_given() == given);
    }
    CHECK(time_given() == 0);

    Way long_way(for_ever, for_ever);
    long_way.make();
    give_way(); // else this test would not end
    CHECK(long_way.is_made());
}

TEST_CASE("way: the time that a thread stands still is not counted against its patience")
{
    constexpr int64_t step = nanoseconds_per_second / 10;
    Way way(step, step);
    Way::Giver giver(way);
    Patience patience(monotonic_now() + step / 2), copy = patience;
    int64_t deadline = patience.deadline();
    way.make();
    int64_t end = way.end();
    bool was_over = patience.is_over();
    int64_t given = time_given();
    if (given > 0) // else the machine was so slow that the way had ended
        CHECK(monotonic_now() >= end);
    CHECK(patience.deadline() == deadline + given);
    CHECK(copy.deadline() == deadline + given);
    CHECK(patience.until(INT64_MAX).deadline() == patience.deadline());
    CHECK(Patience(deadline).deadline() == deadline); // one that begins now
    if (given > step / 2)
        CHECK((!was_over || monotonic_now() > patience.deadline()));
    CHECK_FALSE(Patience().is_over());
    CHECK(Patience().deadline() == INT64_MAX);
    Patience always;
    way.make();
    give_way();
    CHECK(always.deadline() == INT64_MAX);
}

TEST_CASE("way: however often it is made, work goes on")
{
    Way way(moment, 4 * moment);
    std::atomic<bool> is_over = false;
    std::atomic<int> stood_still = 0;
    std::thread pushes([&] {
        while (!is_over)
            way.make();
    });
    std::thread worker([&] {
        Way::Giver giver(way);
        while (stood_still < 5) {
            int64_t before = time_given();
            give_way();
            stood_still += time_given() > before;
        }
    });
    worker.join();
    is_over = true;
    pushes.join();
    CHECK(stood_still == 5);
}

TEST_CASE("way: when it is closed nobody stands still any more")
{
    Way way(for_ever, for_ever);
    way.make();
    std::atomic<bool> begins = false;
    std::thread worker([&] {
        Way::Giver giver(way);
        begins = true;
        begins.notify_one();
        give_way();
    });
    begins.wait(false);
    CHECK(way.is_made());
    way.close();
    worker.join();
    way.make();
    CHECK_FALSE(way.is_made());
}
