// Lines of a diff that were moved: found in another place and in another file, and not where only brackets or the
// indentation are the same.
#include "web/code/moved_marks.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using web::MovedMark;
using web::MovedMarks;

namespace {

/// A file with a hunk for each string, whose lines begin with their sign.
git::FileDiff file(const std::vector<std::vector<std::string>>& hunks)
{
    git::FileDiff file;
    int number = 0;
    for (const auto& lines : hunks) {
        number += 100;
        int old_number = number, new_number = number;
        git::DiffHunk hunk;
        for (const std::string& line : lines) {
            char sign = line[0];
            hunk.lines.push_back(
                {sign, sign == '+' ? -1 : old_number++, sign == '-' ? -1 : new_number++, line.substr(1), 0});
        }
        file.hunks.push_back(hunk);
    }
    return file;
}

const std::vector<std::string> gone = {"-int function(int argument)", "-{", "-    return argument;", "-}"};
const std::vector<std::string> come = {"+  int function(int argument)", "+{", "+return argument;", "+}"};

git::DiffLine line(char origin, int number) { return {origin, number, number, "", 0}; }

} // namespace

TEST_CASE("lines that went to another file are the same run at both ends")
{
    git::Diff diff;
    diff.files = {file({gone, {" x", "-other"}}), file({{" context"}, come})};
    MovedMarks marks(diff);
    CHECK(marks.runs() == 1);
    const MovedMark* from = marks.find(0, line('-', 100));
    const MovedMark* to = marks.find(1, line('+', 200));
    REQUIRE(from);
    REQUIRE(to);
    CHECK(from->run == to->run);
    CHECK(from->is_first);
    CHECK(from->length == 4);
    CHECK(from->other_file == 1);
    CHECK(from->other_line == 200);
    CHECK(to->other_file == 0);
    CHECK(to->other_line == 100);
    REQUIRE(marks.find(0, line('-', 103)));
    CHECK_FALSE(marks.find(0, line('-', 103))->is_first);
    CHECK_FALSE(marks.find(0, line('-', 201)));
    CHECK_FALSE(marks.find(0, line(' ', 100)));
    CHECK_FALSE(marks.find(0, line('+', 100)));
}

TEST_CASE("brackets, two lines, or another indentation in one place are no move")
{
    git::Diff diff;
    std::vector<std::string> anew = gone;
    anew.insert(anew.end(), come.begin(), come.end());
    diff.files = {file({anew, {"-}", "-}", "-}", "-}"}}), file({{"+}", "+}", "+}", "+}"}}),
                  file({{"-one long line of many letters", "-another long line of many letters"}}),
                  file({{"+one long line of many letters", "+another long line of many letters"}})};
    CHECK(MovedMarks(diff).runs() == 0);
    CHECK(MovedMarks(git::Diff()).runs() == 0);
}

TEST_CASE("what was moved once is at one other place, however often it is there")
{
    git::Diff diff;
    diff.files = {file({gone}), file({come, {" x"}, come, {" y"}, come})};
    MovedMarks marks(diff);
    CHECK(marks.runs() == 1);
    CHECK(marks.find(1, line('+', 100)));
    CHECK_FALSE(marks.find(1, line('+', 300)));
}
