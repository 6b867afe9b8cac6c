#include "sys/output.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace quire;
using namespace quire::sys;

static int64_t in_seconds(int seconds) { return monotonic_now() + seconds * nanoseconds_per_second; }

TEST_CASE("output comes in order and whole, with the status behind it")
{
    std::string all;
    auto outcome = read_output({.argv = {"sh", "-c", "seq 100000; exit 3"}}, Patience(in_seconds(20)),
                               [&](std::string_view block) {
                                   all += block;
                                   return true;
                               });
    REQUIRE(outcome);
    CHECK(outcome->ended == Ended::by_itself);
    CHECK(outcome->status == 3);
    CHECK(all.size() == 588'895);
    CHECK(all.ends_with("99999\n100000\n"));
}

TEST_CASE("who has had enough gets no more, of something endless too")
{
    int blocks = 0;
    auto outcome = read_output({.argv = {"sh", "-c", "exec cat /dev/zero"}}, Patience(in_seconds(20)),
                               [&](std::string_view) { return ++blocks < 3; });
    REQUIRE(outcome);
    CHECK(outcome->ended == Ended::by_taker);
    CHECK(blocks == 3);
}

TEST_CASE("at the deadline there is what came before it")
{
    std::string all;
    auto outcome = read_output({.argv = {"sh", "-c", "echo early; exec tail -f /dev/null"}}, Patience(in_seconds(5)),
                               [&](std::string_view block) {
                                   all += block;
                                   return true;
                               });
    REQUIRE(outcome);
    CHECK(outcome->ended == Ended::by_time);
    CHECK(all == "early\n");
    auto late = read_output({.argv = {"sh", "-c", "echo late"}}, Patience(monotonic_now() - 1),
                            [](std::string_view) { return true; });
    REQUIRE(late);
    CHECK(late->ended == Ended::by_time);
}

TEST_CASE("what does not start is an error")
{
    CHECK_FALSE(
        read_output({.argv = {"/nosuch/program"}}, Patience(in_seconds(20)), [](std::string_view) { return true; }));
}
