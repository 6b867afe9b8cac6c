// What caches keep: what stays, what goes, and that nothing is found that was made from something else.
#include "base/cached.h"

#include <catch2/catch_test_macros.hpp>

#include <thread>
#include <vector>

using namespace quire;

TEST_CASE("lru: what is asked for once makes no room for itself among what is asked for again")
{
    Lru<int> lru(100);
    lru.put("often", 1, 10);
    REQUIRE(lru.find("often"));
    lru.put("mine", 2, 10, Standing::proven);
    for (int i = 0; i < 1000; ++i)
        lru.put("once " + std::to_string(i), i, 10);
    CHECK(lru.find("often"));
    CHECK(lru.find("mine"));
    CHECK(lru.find("once 999"));
    CHECK_FALSE(lru.find("once 0"));
    CHECK(lru.bytes() <= 100);
    // In place of the old value, and handed back.
    CHECK(lru.put("mine", 3, 10).front() == 2);
    CHECK(*lru.find("mine") == 3);
    CHECK(lru.drop("mine").front() == 3);
    CHECK_FALSE(lru.find("mine"));
}

TEST_CASE("lru: the last value stays, whatever its size, and makes room for the next")
{
    Lru<int> lru(100);
    lru.put("small", 1, 10, Standing::proven);
    lru.put("large", 2, 1000, Standing::proven);
    CHECK(lru.find("large"));
    CHECK_FALSE(lru.find("small"));
    lru.put("next", 3, 10, Standing::proven);
    CHECK(lru.find("next"));
    CHECK_FALSE(lru.find("large"));
    CHECK(lru.bytes() == 10);
}

TEST_CASE("cached: a value is found by the state that it was made from, and by no other")
{
    Cached<std::string> cached(10'000);
    cached.keep("page", {"old", 3}, "state 1");
    REQUIRE(cached.find("page", "state 1"));
    CHECK(*cached.find("page", "state 1") == "old");
    CHECK_FALSE(cached.find("page", "state 2"));
    CHECK_FALSE(cached.find("page"));
    CHECK_FALSE(cached.find("another", "state 1"));
    CHECK(cached.has("page"));
    CHECK(*cached.find_last("page") == "old");
    cached.keep("page", {"new", 3}, "state 2");
    CHECK_FALSE(cached.find("page", "state 1"));
    CHECK(*cached.find("page", "state 2") == "new");
    cached.drop("page");
    CHECK_FALSE(cached.has("page"));
}

TEST_CASE("cached: what is partial goes to who asked for it, and is not kept")
{
    Cached<std::string> cached(10'000);
    int made = 0;
    auto make = [&](bool is_partial) { return Made<std::string>{std::to_string(++made), 1, is_partial}; };
    CHECK(*cached.find_or_make("key", [&] { return make(true); }) == "1");
    CHECK_FALSE(cached.has("key"));
    CHECK(*cached.find_or_make("key", [&] { return make(false); }) == "2");
    CHECK(*cached.find_or_make("key", [&] { return make(false); }) == "2");
    // What was whole before is not lost to something partial.
    CHECK(*cached.keep("key", make(true)) == "3");
    CHECK(*cached.find("key") == "2");
}

TEST_CASE("cached: what is too large goes to who asked for it, too")
{
    Cached<std::string> cached(10'000);
    CHECK(*cached.keep("large", {"x", 6'000}) == "x");
    CHECK_FALSE(cached.has("large"));
    Cached<std::string> takes_any(10'000, SIZE_MAX);
    takes_any.keep("large", {"x", 60'000});
    CHECK(takes_any.find("large"));
}

TEST_CASE("cached: several threads find whole values")
{
    Cached<std::string> cached(20'000);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&cached, thread] {
            for (int i = 0; i < 2000; ++i) {
                std::string key = std::to_string((i * (thread + 1)) % 50);
                auto found = cached.find(key, "of " + key);
                if (found && *found != "value of " + key)
                    std::abort();
                if (!found)
                    cached.keep(key, {"value of " + key, 100}, "of " + key);
                if (i % 7 == 0)
                    cached.drop(key);
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    cached.keep("last", {"x", 1});
    CHECK(cached.find("last"));
}
