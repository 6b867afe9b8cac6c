#include "web/keep/afterwards.h"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <future>
#include <vector>

using namespace quire::web;

TEST_CASE("afterwards: work is done in order, the same only once while it waits, and not without end")
{
    std::promise<void> go_on, all_done, emptied;
    std::atomic<bool> is_taken = false;
    std::vector<std::string> done;
    Afterwards afterwards(std::make_shared<quire::Way>());
    afterwards.add("first", [&] { go_on.get_future().wait(), done.emplace_back("first"); });
    for (const char* key : {"first", "a", "b", "a", "b"})
        afterwards.add(key, [&done, key] { done.emplace_back(key); });
    afterwards.add("last", [&] { all_done.set_value(); });
    for (int i = 0; i < 1000; ++i)
        afterwards.add("more" + std::to_string(i), [&] { done.emplace_back("more"); });
    go_on.set_value();
    all_done.get_future().wait();
    while (!is_taken) // whatever else was taken has been done by then
        afterwards.add("end", [&] {
            if (!is_taken.exchange(true))
                emptied.set_value();
        });
    emptied.get_future().wait();
    REQUIRE(done.size() >= 3);
    CHECK(std::vector<std::string>(done.begin(), done.begin() + 3) == std::vector<std::string>{"first", "a", "b"});
    CHECK(done.size() < 40);
}

TEST_CASE("afterwards: what waits when it ends is dropped, what is being done is finished")
{
    std::atomic<int> count = 0;
    std::promise<void> begun;
    {
        Afterwards afterwards(std::make_shared<quire::Way>());
        afterwards.add("one", [&] {
            begun.set_value();
            ++count;
        });
        begun.get_future().wait();
    }
    CHECK(count == 1);
}

TEST_CASE("afterwards: work makes way for what is more important, and ends when it ends")
{
    constexpr int64_t for_ever = 3600 * quire::nanoseconds_per_second;
    auto way = std::make_shared<quire::Way>(for_ever, for_ever);
    std::promise<void> begun, go_on;
    std::atomic<bool> is_done = false;
    {
        Afterwards afterwards(way);
        afterwards.add("one", [&] {
            begun.set_value();
            go_on.get_future().wait();
            quire::give_way();
            is_done = true;
        });
        begun.get_future().wait();
        way->make();
        go_on.set_value();
        CHECK_FALSE(is_done);
        CHECK(way->is_made());
    }
    CHECK(is_done);
}
