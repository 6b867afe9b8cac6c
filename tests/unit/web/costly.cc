#include "web/budget/costly.h"

#include <poll.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <future>

using namespace quire;
using namespace quire::web;

/// Whether somebody who came while all places were taken got one that became free a little later.
static bool is_served_after_a_wait()
{
    http::Request anonymous;
    auto first = CostlyPlace::take(anonymous), second = CostlyPlace::take(anonymous);
    auto others = std::pair(CostlyPlace::take(anonymous), CostlyPlace::take(anonymous));
    REQUIRE((first && second && others.first && others.second));
    std::atomic<bool> comes = false;
    auto third = std::async(std::launch::async, [&] {
        comes = true;
        return CostlyPlace::take(anonymous).has_value();
    });
    while (!comes)
        ::poll(nullptr, 0, 1);
    ::poll(nullptr, 0, 30); // it finds none meanwhile
    {
        CostlyPlace leaving = std::move(*first);
    }
    return third.get();
}

TEST_CASE("costly: who comes a moment before a place is free is served")
{
    // A busy machine may take longer than the wait for once.
    bool is_served = false;
    for (int i = 0; i < 20 && !is_served; ++i)
        is_served = is_served_after_a_wait();
    CHECK(is_served);
}

TEST_CASE("costly: who owes much is told how long it is until that is forgiven")
{
    http::Request anonymous;
    CHECK(busy_page(anonymous).status == 503);
    http::Response told = busy_page(anonymous, 2 * nanoseconds_per_second);
    CHECK(told.status == 429);
    CHECK(told.headers.back() == std::pair<std::string, std::string>("Retry-After", "40"));
    CHECK(told.caching == http::Caching::none);
    CHECK(told.body->ends_with("Try this page again in 40 seconds.\n"));
    CHECK(told.content_type.starts_with("text/plain"));
    http::Request browser;
    browser.accepts_html = true;
    told = busy_page(browser, 2 * nanoseconds_per_second);
    CHECK(told.body->find("again in 40 seconds.</p>") != std::string::npos);
    CHECK(told.content_type.starts_with("text/html"));
    CHECK(told.body->size() < 2000);
}

TEST_CASE("costly: clones have places for a build farm, but an end too")
{
    http::Request anonymous;
    std::vector<CostlyPlace> taken;
    for (int i = 0; i < 24; ++i) {
        auto place = CostlyPlace::take(anonymous, Cost::clone);
        REQUIRE(place);
        taken.push_back(std::move(*place));
    }
    CHECK_FALSE(CostlyPlace::take(anonymous, Cost::clone));
    CHECK(CostlyPlace::take(anonymous, Cost::transfer));
    taken.pop_back();
    CHECK(CostlyPlace::take(anonymous, Cost::clone));
}

TEST_CASE("costly: places come back, and who is logged in has some that others can't take")
{
    http::Request anonymous, owner;
    owner.user = "me";
    for (int i = 0; i < 3; ++i) {
        std::vector<Result<CostlyPlace>> taken;
        for (int k = 0; k < 4; ++k)
            taken.push_back(CostlyPlace::take(anonymous));
        for (const auto& place : taken)
            REQUIRE(place);
        auto refused = CostlyPlace::take(anonymous);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::busy);
        auto mine = std::pair(CostlyPlace::take(owner), CostlyPlace::take(owner));
        CHECK((mine.first && mine.second));
        CHECK(CostlyPlace::take(anonymous, Cost::transfer)); // a kind of its own
    }
}
