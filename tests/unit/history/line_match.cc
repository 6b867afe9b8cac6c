#include "history/line_match.h"

#include <catch2/catch_test_macros.hpp>

#include <random>
#include <string>

using namespace quire::history;

namespace {

std::vector<LineRun> runs_of(std::string_view before, std::string_view after)
{
    LineNumbers numbers;
    return match_lines(numbers.numbers(lines_of(before)), numbers.numbers(lines_of(after)));
}

/// The least number of lines that are on one side only, the slow way.
size_t least_edits(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b)
{
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            size_t next = a[i - 1] == b[j - 1] ? corner : std::min(row[j], row[j - 1]) + 1;
            corner = row[j];
            row[j] = next;
        }
    }
    return row[b.size()];
}

} // namespace

TEST_CASE("lines end at newlines, with or without a carriage return")
{
    CHECK(lines_of("").empty());
    CHECK(lines_of("a\nb\n") == std::vector<std::string_view>{"a", "b"});
    CHECK(lines_of("a\r\nb") == std::vector<std::string_view>{"a", "b"});
    CHECK(lines_of("\n\n") == std::vector<std::string_view>{"", ""});
}

TEST_CASE("equal texts are one run, and nothing matches nothing")
{
    CHECK(runs_of("a\nb\nc\n", "a\nb\nc\n") == std::vector<LineRun>{{0, 0, 3}});
    CHECK(runs_of("a\n", "b\n").empty());
    CHECK(runs_of("", "b\n").empty());
    CHECK(runs_of("a\n", "").empty());
}

TEST_CASE("a changed line stands between two runs")
{
    CHECK(runs_of("a\nb\nc\n", "a\nx\ny\nc\n") == std::vector<LineRun>{{0, 0, 1}, {2, 3, 1}});
}

TEST_CASE("lines that are unique hold their neighbours together")
{
    // The fewest edits would match the braces of f with those of g.
    CHECK(runs_of("g\n{\n}\n", "f\n{\n}\ng\n{\n}\n") == std::vector<LineRun>{{0, 3, 3}});
}

TEST_CASE("runs are in order, hold equal lines and leave out little more than they must")
{
    std::mt19937 random(7);
    size_t edits = 0, least = 0;
    for (int round = 0; round < 2000; ++round) {
        auto some = [&](size_t most) {
            std::vector<uint32_t> lines(random() % most);
            for (uint32_t& line : lines)
                line = static_cast<uint32_t>(random() % 3);
            return lines;
        };
        std::vector<uint32_t> before = some(20), after = some(20);
        size_t matched = 0;
        uint32_t before_end = 0, after_end = 0;
        bool is_first = true;
        for (const LineRun& run : match_lines(before, after)) {
            REQUIRE(run.count > 0);
            REQUIRE(run.before >= before_end);
            REQUIRE(run.after >= after_end);
            bool touches = !is_first && run.before == before_end && run.after == after_end;
            REQUIRE_FALSE(touches);
            for (uint32_t i = 0; i < run.count; ++i)
                REQUIRE(before[run.before + i] == after[run.after + i]);
            before_end = run.before + run.count;
            after_end = run.after + run.count;
            matched += run.count;
            is_first = false;
        }
        REQUIRE(before_end <= before.size());
        REQUIRE(after_end <= after.size());
        edits += before.size() + after.size() - 2 * matched;
        least += least_edits(before, after);
    }
    // What is unique decides before the count does, so it is not always the least.
    CHECK(edits >= least);
    CHECK(edits <= least + least / 10);
}

TEST_CASE("two texts without a common line, or with nothing but one, are matched in bounded time")
{
    std::vector<uint32_t> a(200'000), b(200'000), same(200'000, 7), fewer(150'000, 7);
    for (uint32_t i = 0; i < a.size(); ++i) {
        a[i] = i;
        b[i] = 1'000'000 + i;
    }
    CHECK(match_lines(a, b).empty());
    CHECK(match_lines(same, fewer) == std::vector<LineRun>{{0, 0, 150'000}});
}
