// The line diff against libgit2, which carries git's: the same hunks, on texts made to be hard.
#include "git/line_diff.h"

#include <git2.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "git/handle.h"
#include "hard_texts.h"

using namespace quire;
using git::Hunk;

namespace {

std::vector<Hunk> hunks_of_libgit2(const std::string& before, const std::string& after)
{
    git::start_libgit2();
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.context_lines = 0;
    options.flags = GIT_DIFF_INDENT_HEURISTIC | GIT_DIFF_FORCE_TEXT;
    std::vector<Hunk> hunks;
    auto take = [](const git_diff_delta*, const git_diff_hunk* hunk, void* out) {
        auto narrow = [](int number) { return static_cast<uint32_t>(number); };
        // Of no lines it names the line before.
        static_cast<std::vector<Hunk>*>(out)->push_back(
            {narrow(hunk->old_start - (hunk->old_lines > 0)), narrow(hunk->old_lines),
             narrow(hunk->new_start - (hunk->new_lines > 0)), narrow(hunk->new_lines)});
        return 0;
    };
    REQUIRE(git_diff_buffers(before.data(), before.size(), nullptr, after.data(), after.size(), nullptr, &options,
                             nullptr, nullptr, take, nullptr, &hunks) == 0);
    return hunks;
}

std::vector<Hunk> our_hunks(const std::string& before, const std::string& after)
{
    git::LineTable table;
    git::NumberedText old_text = table.number(before);
    git::NumberedText new_text = table.number_like(after, before, old_text);
    REQUIRE(new_text == table.number(after));
    return git::LineDiff(table).compare(old_text, new_text);
}

} // namespace

TEST_CASE("a line diff is git's on random texts")
{
    size_t changed = 0;
    for (unsigned seed = 1; seed <= 4000; ++seed) {
        auto [before, after] = HardTexts(seed).two_versions(seed);
        INFO("seed " << seed);
        auto hunks = our_hunks(before, after);
        REQUIRE(hunks == hunks_of_libgit2(before, after));
        changed += hunks.size();
    }
    CHECK(changed > 10'000);
}

TEST_CASE("a line diff gives up where git does")
{
    // Nothing much in common, with runs of equal lines in between: every limit on the effort is met.
    for (unsigned seed = 1; seed <= 12; ++seed) {
        HardTexts texts(seed);
        unsigned different = seed % 2 == 0 ? 60 : 3000;
        auto lines = texts.lines(6000, different), others = texts.lines(6000, different);
        for (unsigned i = 0; i < 12; ++i) {
            auto from = static_cast<ptrdiff_t>(texts.pick(5900)), to = static_cast<ptrdiff_t>(texts.pick(5900));
            std::copy_n(lines.begin() + from, 60, others.begin() + to);
        }
        std::string before = HardTexts::join(lines, true), after = HardTexts::join(others, true);
        INFO("seed " << seed);
        REQUIRE(our_hunks(before, after) == hunks_of_libgit2(before, after));
    }
}

TEST_CASE("a line diff of next to nothing")
{
    CHECK(our_hunks("", "").empty());
    CHECK(our_hunks("a\n", "a\n").empty());
    CHECK(our_hunks("", "a") == std::vector<Hunk>{{0, 0, 0, 1}});
    CHECK(our_hunks("a", "a\n") == std::vector<Hunk>{{0, 1, 0, 1}});
    CHECK(our_hunks("a\nb\n", "b\n") == std::vector<Hunk>{{0, 1, 0, 0}});
    CHECK(our_hunks("a\n}\n", "a\n}\n}\n") == hunks_of_libgit2("a\n}\n", "a\n}\n}\n"));
}

TEST_CASE("the common tail is dropped by kilobytes, and a line that is cut stays")
{
    git::LineTable table;
    std::string tail;
    for (int i = 0; i < 40; ++i)
        tail += std::string(99, 'x') + "\n"; // 4000 bytes: three pieces
    git::NumberedText a = table.number("one\n" + tail), b = table.number("two\n" + tail);
    std::span<const uint32_t> before = a, after = b;
    git::drop_common_tail(table, before, after);
    // 3072 bytes from the end lies within the 31st line from there, which stays.
    CHECK(before.size() == 41 - 30);
    CHECK(after.size() == before.size());
    std::span<const uint32_t> same = a, shorter = std::span<const uint32_t>(a).subspan(35);
    git::drop_common_tail(table, same, shorter);
    CHECK(shorter.size() == 6); // 600 bytes
    CHECK(same.size() == 41);
}
