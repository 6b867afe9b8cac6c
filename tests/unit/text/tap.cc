#include <catch2/catch_test_macros.hpp>

#include "text/tap.h"

using namespace quire;
using namespace quire::text;

static std::string cases_of(std::string_view source)
{
    std::string out;
    auto report = read_tap(source, [&](const JunitCase& one) {
        out += one.result == JunitResult::passed ? "+" : one.result == JunitResult::failed ? "-" : "s";
        out += one.suite + "|" + one.name + "\n";
    });
    REQUIRE(report.has_value());
    for (const JunitFailure& failure : report->failures)
        if (failure.is_error)
            out += "!" + failure.name + ": " + failure.message + "\n";
    return out;
}

TEST_CASE("tap: points with and without numbers, names and directives")
{
    CHECK(cases_of("TAP version 14\n1..7\nok 1 - adds\nnot ok 2 divides\nok 3 # SKIP no network\nnot ok 4 - soon # "
                   "TODO write it\n"
                   "ok\nok 6 - has # in it\nok - 7 dwarfs\n") ==
          "+|adds\n-|divides\ns|test 3\ns|soon\n+|test 5\n+|has # in it\n+|7 dwarfs\n");
    CHECK(cases_of("1..1\r\nok 1 - crlf\r\n") == "+|crlf\n");
    CHECK(cases_of("# a comment\nok 1 - x\nokay 2\nnonsense\n") == "+|x\n");
}

TEST_CASE("tap: details, times and what they are cut to")
{
    auto report = read_tap("1..2\nnot ok 1 - slow # time=1500ms\nnot ok 2 - wrong\n  ---\n  message: 1 is not 2\n  "
                           "duration_ms: 250.5\n  ...\n");
    REQUIRE(report.has_value());
    CHECK(report->failed == 2);
    CHECK(report->seconds > 1.74);
    CHECK(report->seconds < 1.76);
    REQUIRE(report->failures.size() == 2);
    CHECK(report->failures[0].name == "slow");
    CHECK(report->failures[1].message == "message: 1 is not 2");
    std::string many = "1..300\n";
    for (int i = 0; i < 300; ++i)
        many += "not ok\n";
    auto cut = read_tap(many);
    REQUIRE(cut.has_value());
    CHECK(cut->failed == 300);
    CHECK(cut->failures.size() == JunitReport::most_failures);
}

TEST_CASE("tap: subtests are counted, their parents are not")
{
    CHECK(cases_of(
              "TAP version 14\n# Subtest: files\n    ok 1 - opens\n    not ok 2 - closes\n    1..2\nnot ok 1 - files\n"
              "ok 2 - plain\n1..2\n") == "+files|opens\n-files|closes\n+|plain\n");
}

TEST_CASE("tap: what did not run is an error")
{
    CHECK(cases_of("1..3\nok 1 - a\n") == "+|a\n!plan: planned 3 tests, and ran 1\n");
    CHECK(cases_of("ok 1 - a\nBail out! no disk\n") == "+|a\n!bailed out: no disk\n");
    CHECK(cases_of("1..0 # SKIP not here\n").empty());
}

TEST_CASE("tap: what is none")
{
    for (std::string_view source : {"", "\n\n", "<testsuite/>", "hello\nok 1\n", "okay", "# only a comment\n"})
        CHECK_FALSE(read_tap(source).has_value());
    CHECK(read_test_report("<testsuite><testcase name='a'/></testsuite>").value().tests == 1);
    CHECK(read_test_report("ok 1\n").value().tests == 1);
}
