#include "base/time.h"

#include <limits>

#include <catch2/catch_test_macros.hpp>

using namespace quire;

TEST_CASE("instants have one form, and it leads back")
{
    CHECK(format_instant(0) == "1970-01-01T00:00:00.000000000Z");
    CHECK(format_instant(1) == "1970-01-01T00:00:00.000000001Z");
    CHECK(format_instant(-1) == "1969-12-31T23:59:59.999999999Z");
    CHECK(format_instant(1'234'567'890'012'345'678) == "2009-02-13T23:31:30.012345678Z");
    CHECK(format_instant(std::numeric_limits<Instant>::min()) == "1677-09-21T00:12:43.145224192Z");
    CHECK(format_instant(std::numeric_limits<Instant>::max()) == "2262-04-11T23:47:16.854775807Z");
    CHECK(format_instant(951782400 * nanoseconds_per_second) == "2000-02-29T00:00:00.000000000Z");
    Instant instant = now();
    CHECK(parse_instant(format_instant(instant)) == instant);
}

TEST_CASE("parse_instant takes zero to nine decimals")
{
    CHECK(parse_instant("1970-01-01T00:00:01Z") == nanoseconds_per_second);
    CHECK(parse_instant("1970-01-01T00:00:00.5Z") == nanoseconds_per_second / 2);
    CHECK(parse_instant("1970-01-01T00:00:00.123456789Z") == 123456789);
}

TEST_CASE("parse_instant refuses what format_instant would not write")
{
    for (std::string_view text : {"",
                                  "2026",
                                  "2026-11-21",
                                  "2026-11-21T11:34:37",
                                  "2026-11-21T11:34:37z",
                                  "2026-11-21 11:34:37Z",
                                  "2026-11-21T11:34:37+00:00",
                                  "2026-11-21T11:34:37Z ",
                                  " 2026-11-21T11:34:37Z",
                                  "2026-13-01T00:00:00Z",
                                  "2026-00-01T00:00:00Z",
                                  "2026-01-32T00:00:00Z",
                                  "2026-01-00T00:00:00Z",
                                  "2026-01-01T24:00:00Z",
                                  "2026-01-01T00:60:00Z",
                                  "2026-01-01T00:00:61Z",
                                  "1969-12-31T23:59:59Z",
                                  "26-11-21T11:34:37Z",
                                  "2026-1-21T11:34:37Z",
                                  "2026-11-21T11:34Z",
                                  "2026-11-21T11:34:37.1234567890Z",
                                  "2026-11-21T-1:34:37Z",
                                  "2026-11-21T11:34:37.1x",
                                  "2026-02-30T00:00:00Z",
                                  "2025-02-29T00:00:00Z",
                                  "2026-11-31T00:00:00Z",
                                  "2026-11-21T11:34:37.Z",
                                  "2026-11-21T11:34:60Z",
                                  "9999-01-01T00:00:00Z"}) {
        INFO(text);
        CHECK_FALSE(parse_instant(text));
    }
}

TEST_CASE("the monotonic clock does not go back")
{
    int64_t before = monotonic_now();
    CHECK(monotonic_now() >= before);
    CHECK(before > 0);
}

TEST_CASE("durations read as a person would say them")
{
    constexpr int64_t second = nanoseconds_per_second;
    CHECK(format_duration(-1) == "0 ms");
    CHECK(format_duration(second / 3) == "333 ms");
    CHECK(format_duration(second * 42 / 10) == "4.2 s");
    CHECK(format_duration(second * 59) == "59 s");
    CHECK(format_duration(second * 185) == "3 min 05 s");
    CHECK(format_duration(second * 7800) == "2 h 10 min");
}
