#include "base/show_time.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;

TEST_CASE("a person gets the time of day")
{
    CHECK(time_of_day("2026-11-21T11:34:37.123456789Z") == "11:34:37.123");
    CHECK(time_of_day("") == "");
    CHECK(time_of_day("no instant at all, but of some length") == "no instant at all, but of some length");
    CHECK(show_moment(951782400 * nanoseconds_per_second + 7) == "2000-02-29 00:00:00 UTC");
}
