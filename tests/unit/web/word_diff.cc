#include "web/code/word_diff.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace quire::web;

/// The line with what changed in brackets.
static std::string marked(std::string_view line, const std::vector<Span>& spans)
{
    std::string text;
    size_t at = 0;
    for (const Span& span : spans) {
        text += std::string(line.substr(at, span.begin - at)) + "[" +
                std::string(line.substr(span.begin, span.end - span.begin)) + "]";
        at = span.end;
    }
    return text + std::string(line.substr(at));
}

static std::string diffed(std::string_view before, std::string_view after)
{
    WordDiff diff = diff_words(before, after);
    return marked(before, diff.removed) + " | " + marked(after, diff.added);
}

TEST_CASE("words: whole words are marked, also several of a line")
{
    CHECK(diffed("int count = 1;", "int total = 1;") == "int [count] = 1; | int [total] = 1;");
    CHECK(diffed("call(one, two, three)", "call(uno, two, tres)") ==
          "call([one], two, [three]) | call([uno], two, [tres])");
    CHECK(diffed("a b c d", "a c d") == "a [b ]c d | a c d");
    CHECK(diffed("return x;", "return x + 1;") == "return x; | return x[ + 1];");
}

TEST_CASE("words: equal lines, empty ones and ones with nothing in common have no marks")
{
    for (auto [before, after] : {std::pair("same", "same"), {"", "new"}, {"old", ""}, {"alpha beta", "{}();"}}) {
        WordDiff diff = diff_words(before, after);
        CHECK(diff.removed.empty());
        CHECK(diff.added.empty());
    }
}

TEST_CASE("words: characters are never cut, long lines not compared")
{
    CHECK(diffed("gr\xc3\xbc\xc3\x9f"
                 "e an alle",
                 "gr\xc3\xbc\xc3\xa4"
                 "e an alle") == "[gr\xc3\xbc\xc3\x9f"
                                 "e] an alle | [gr\xc3\xbc\xc3\xa4"
                                 "e] an alle");
    std::string longer(2000, '.');
    CHECK(diff_words(longer, longer + "x").added.empty());
}
