// The hunks of two texts against libgit2, which carries git's: the same headers and lines, on texts made to be hard.
#include "git/text_diff.h"

#include <git2.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "git/repository.h"
#include "hard_texts.h"

using namespace quire;

namespace {

std::string shown(char origin, int old_number, int new_number, std::string_view text)
{
    return fmt::format("{} {} {} {}", origin, old_number, new_number, text);
}

std::string by_libgit2(const std::string& before, const std::string& after)
{
    git::start_libgit2();
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_FORCE_TEXT;
    std::string found;
    auto take_hunk = [](const git_diff_delta*, const git_diff_hunk* hunk, void* out) {
        static_cast<std::string*>(out)->append(hunk->header, hunk->header_len);
        return 0;
    };
    auto take_line = [](const git_diff_delta*, const git_diff_hunk*, const git_diff_line* line, void* out) {
        bool is_of_file = line->origin == ' ' || line->origin == '+' || line->origin == '-';
        *static_cast<std::string*>(out) += shown(is_of_file ? line->origin : '\\', line->old_lineno, line->new_lineno,
                                                 {line->content, line->content_len});
        return 0;
    };
    REQUIRE(git_diff_buffers(before.data(), before.size(), nullptr, after.data(), after.size(), nullptr, &options,
                             nullptr, nullptr, take_hunk, take_line, &found) == 0);
    return found;
}

std::string by_us(const std::string& before, const std::string& after)
{
    std::string found;
    git::diff_texts(before, after,
                    {.take_hunk = [&](std::string_view header) { found.append(header) += '\n'; },
                     .take_line =
                         [&](const git::TextLine& line) {
                             found += shown(line.origin, line.old_number, line.new_number, line.text);
                         }});
    return found;
}

} // namespace

TEST_CASE("hunks are libgit2's on random texts")
{
    size_t bytes = 0;
    for (unsigned seed = 1; seed <= 4000; ++seed) {
        auto [before, after] = HardTexts(seed).two_versions(seed);
        INFO("seed " << seed);
        std::string found = by_us(before, after);
        REQUIRE(found == by_libgit2(before, after));
        bytes += found.size();
    }
    CHECK(bytes > 1'000'000);
}

TEST_CASE("hunks of a few changes in a long text are libgit2's")
{
    // Most lines are in the common beginning and end, and equal lines are there, too.
    for (unsigned seed = 1; seed <= 400; ++seed) {
        HardTexts texts(seed);
        unsigned different = 1 + texts.pick(seed % 2 == 0 ? 20 : 2000);
        auto lines = texts.lines(500 + texts.pick(2000), different);
        auto edited = texts.edit(lines, 1 + texts.pick(3), different);
        std::string before = HardTexts::join(lines, texts.pick(5) != 0);
        std::string after = HardTexts::join(edited, texts.pick(5) != 0);
        INFO("seed " << seed);
        REQUIRE(by_us(before, after) == by_libgit2(before, after));
    }
}

TEST_CASE("hunks of next to nothing are libgit2's")
{
    const char* texts[] = {"",       "a",          "a\n",           "b\na",        "a\nb",           "a\nb\n",
                           "\n",     "a\n\n",      "\na",           "a\r\n",       "a\n}\n}\n",      "a\n}\n}\n}\n",
                           "x\nx\n", "x\nx\nx\nx", "a\0b\nc\n",     "f()  \t\n x", "  f()\n\n\nx\n", "1\n2\n3\n4\nb\n",
                           "}\n}\n", "\r",         "_a\n \n\n\n\n", "$\n1\n2\n3",  "$\n1\n2\n3\n4\n"};
    for (const char* before : texts)
        for (const char* after : texts) {
            INFO(before << " and " << after);
            CHECK(by_us(before, after) == by_libgit2(before, after));
        }
}

TEST_CASE("a long line that could head a function is cut in the header of a hunk")
{
    std::string rest = "\n\n\n\n\n";
    for (size_t size : {79, 80, 81, 200}) {
        std::string line = "f" + std::string(size, ' ') + "x" + std::string(20, ' ');
        for (const std::string& head : {line, std::string(size, 'f'), "f" + std::string(size, ' '), " " + line})
            CHECK(by_us(head + rest + "1", head + rest + "2") == by_libgit2(head + rest + "1", head + rest + "2"));
    }
}
