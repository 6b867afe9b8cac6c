#include "forge/test_memory.h"

#include <catch2/catch_test_macros.hpp>
#include <random>

using namespace quire;
using namespace quire::forge;
using text::JunitResult;

static TestName named(int number)
{
    return {"check", "suite " + std::to_string(number % 7), "test " + std::to_string(number)};
}

TEST_CASE("what is remembered of tests survives being written and read")
{
    TestMemory memory;
    memory.seen = 43;
    memory.open = {41};
    memory.add(42, {"tree-a", "refs/heads/main"},
               {{{"job", "a suite", "one\ttwo\nthree"}, {0, JunitResult::failed, 98}},
                {{"job", "", "ünï"}, {0, JunitResult::skipped, 0}}});
    memory.add(40, {"tree-b", "refs/heads/side branch"}, {{{"job", "", "ünï"}, {0, JunitResult::passed, 7}}});
    TestMemory again = TestMemory::parse(memory.format());
    CHECK(again.format() == memory.format());
    CHECK(again.seen == 43);
    CHECK(again.open == std::set<uint64_t>{41});
    CHECK(again.runs().at(40).ref == "refs/heads/side branch");
    REQUIRE(again.tests().size() == 2);
    CHECK(again.tests().begin()->first.name == "ünï");
    CHECK(again.tests().begin()->second.size() == 2);
    CHECK(again.tests().begin()->second[0].run == 40);
    CHECK(again.tests().rbegin()->first.name == "one two three");
}

TEST_CASE("a damaged memory of tests is none")
{
    for (const char* text : {"", "quire-tests 2\n", "quire-tests 1\nnonsense\n", "quire-tests 1\nrun x y z\n",
                             "quire-tests 1\ntest a\tb\tc\t12\n", "quire-tests 1\ntest a\tb\tc\t12p99999999999\n",
                             "quire-tests 1\ntest a\n\xff\n"})
        CHECK(TestMemory::parse(text).tests().empty());
}

TEST_CASE("flaky is what passed and failed on one tree: all that are, and nothing else")
{
    constexpr int tests = 200, planted = 50, runs = 1000;
    std::mt19937 random(7);
    TestMemory memory;
    for (uint64_t run = 1; run <= runs; ++run) {
        // Most trees run twice. A sound test fails on some trees, each time; a planted one by chance.
        uint64_t tree = run / 2;
        std::map<TestName, TestOutcome> outcomes;
        for (int i = 0; i < tests; ++i) {
            bool fails = i < planted ? random() % 10 == 0 : (tree * 31 + static_cast<uint64_t>(i)) % 17 == 0;
            outcomes[named(i)] = {0, fails ? JunitResult::failed : JunitResult::passed, 5};
        }
        memory.add(run, {std::to_string(tree), "refs/heads/main"}, outcomes);
    }
    memory = TestMemory::parse(memory.format());
    int found = 0, wrong = 0;
    for (int i = 0; i < tests; ++i) {
        auto flake = memory.find_flake(memory.tests().at(named(i)));
        (i < planted ? found : wrong) += flake.has_value();
        if (flake)
            CHECK(memory.runs().at(flake->passed).tree == memory.runs().at(flake->failed).tree);
    }
    CHECK(found == planted);
    CHECK(wrong == 0);
    CHECK(memory.tests().at(named(0)).size() == TestMemory::most_outcomes);
    CHECK(memory.runs().size() == TestMemory::most_outcomes);
}

TEST_CASE("a test fails since the first of its newest failures, skipped ones aside")
{
    auto outcomes = [](std::string_view letters) {
        std::vector<TestOutcome> all;
        for (char c : letters)
            all.push_back({all.size() + 1,
                           c == 'p'   ? JunitResult::passed
                           : c == 'f' ? JunitResult::failed
                                      : JunitResult::skipped,
                           static_cast<uint32_t>(all.size())});
        return all;
    };
    CHECK(failing_since(outcomes("")) == 0);
    CHECK(failing_since(outcomes("ffp")) == 0);
    CHECK(failing_since(outcomes("pff")) == 2);
    CHECK(failing_since(outcomes("pfsfs")) == 2);
    CHECK(failing_since(outcomes("psss")) == 0);
    CHECK(median_time(outcomes("ss")) == 0);
    CHECK(median_time(outcomes("pppss")) == 1);
}

TEST_CASE("tests that reports no longer name are forgotten, and their number is bounded")
{
    TestMemory memory;
    memory.add(1, {"t", "r"}, {{named(1), {0, JunitResult::passed, 1}}});
    for (uint64_t run = 2; run < 300; ++run)
        memory.add(run, {"t", "r"}, {{named(2), {0, JunitResult::passed, 1}}});
    CHECK_FALSE(memory.tests().contains(named(1)));
    std::map<TestName, TestOutcome> many;
    for (size_t i = 0; i < TestMemory::most_tests + 10; ++i)
        many[named(static_cast<int>(i))] = {0, JunitResult::passed, 1};
    memory.add(300, {"t", "r"}, many);
    CHECK(memory.tests().size() == TestMemory::most_tests);
}
