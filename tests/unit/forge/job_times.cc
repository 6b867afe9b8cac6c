#include "forge/job_times.h"

#include <cmath>

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using namespace quire::forge;

/// The newest first, as job_times returns them; the times are given oldest first.
static std::vector<JobTime> times_of(const std::vector<double>& seconds)
{
    std::vector<JobTime> times;
    for (size_t i = seconds.size(); i > 0; --i)
        times.push_back({.run = i, .is_well = seconds[i - 1] > 0, .seconds = std::abs(seconds[i - 1])});
    return times;
}

TEST_CASE("what is usual is the median of what went well, from three runs on")
{
    CHECK(usual_of(times_of({1, 2})).seconds == 0);
    CHECK(usual_of(times_of({1, 9, 2})).seconds == 2);
    CHECK(usual_of(times_of({1, -100, 2, -100, 3})).seconds == 2);
}

TEST_CASE("the run with which a job's time changed")
{
    auto change = find_change(times_of({10, 11, 10, 10, 11, 15, 16, 15, 15, 16}));
    REQUIRE(change.has_value());
    CHECK(change->first.run == 6);
    CHECK(change->last_before.run == 5);
    CHECK(change->before == 10);
    CHECK(find_change(times_of({20, 20, 20, 20, 5, 5, 5, 5}))->first.run == 5);
    // Between them runs failed, which says nothing about the time.
    CHECK(find_change(times_of({10, 10, 10, 10, -1, -1, 20, 20, 20, 20}))->first.run == 7);
}

TEST_CASE("no change is claimed where there is none")
{
    CHECK_FALSE(find_change({}).has_value());
    CHECK_FALSE(find_change(times_of({1, 1, 1, 9, 9, 9})).has_value()); // too few
    CHECK_FALSE(find_change(times_of({10, 11, 10, 12, 11, 10, 12, 10})).has_value());
    CHECK_FALSE(find_change(times_of({.1, .1, .1, .1, .3, .3, .3, .3})).has_value()); // too little
    CHECK_FALSE(find_change(times_of({5, 15, 4, 16, 6, 14, 5, 15, 4, 16, 6, 14})).has_value());
    CHECK_FALSE(find_change(times_of({10, 10, 10, 10, 90, 10, 10, 10, 10})).has_value()); // once
}
