#include "history/block_diff.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using namespace quire::history;

namespace {

std::string shown(const BlockDiff& diff)
{
    std::string text;
    for (const git::DiffHunk& hunk : diff.hunks) {
        text += hunk.header + "\n";
        for (const git::DiffLine& line : hunk.lines)
            text += fmt::format("{}{} {} {}\n", line.origin, line.old_number, line.new_number, line.text);
    }
    return text;
}

const std::string before = "a\nb\nc\nd\ne\nf\ng\nh\ni\n", after = "new\na\nb\nC\nd\ne\nf\ng\nh\nI\n";

} // namespace

TEST_CASE("only the block's lines are in its diff, numbered as in the files")
{
    CHECK(shown(diff_blocks(before, {1, 5}, after, {2, 6}, {.context = 1})) ==
          "@@ -2,3 +3,3 @@\n 2 3 b\n-3 0 c\n+0 4 C\n 4 5 d\n");
}

TEST_CASE("changes that are far apart are hunks of their own")
{
    CHECK(shown(diff_blocks(before, {2, 9}, after, {3, 10}, {.context = 1})) ==
          "@@ -3,2 +4,2 @@\n-3 0 c\n+0 4 C\n 4 5 d\n@@ -8,2 +9,2 @@\n 8 9 h\n-9 0 i\n+0 10 I\n");
}

TEST_CASE("where nothing was before, everything is added")
{
    CHECK(shown(diff_blocks("", {}, after, {0, 2})) == "@@ -0,0 +1,2 @@\n+0 1 new\n+0 2 a\n");
    CHECK(diff_blocks(before, {0, 2}, after, {1, 3}).hunks.empty());
}

TEST_CASE("what is too much is cut, and says so; lines that are not there are none")
{
    BlockDiff diff = diff_blocks("", {}, std::string(5000, 'x') + "\ny\nz\n", {0, 3}, {.max_lines = 2, .max_line = 10});
    CHECK(diff.is_cut);
    REQUIRE(diff.hunks.size() == 1);
    CHECK(diff.hunks[0].lines.size() == 2);
    CHECK(diff.hunks[0].lines[0].rest == 4990);
    CHECK(shown(diff_blocks("a\n", {5, 9}, "b\n", {0, 7})) == "@@ -0,0 +1,1 @@\n+0 1 b\n");
}
