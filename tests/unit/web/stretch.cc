#include "web/code/stretch.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace quire::web;
using Until = StretchReader::Until;

/// Lets the reader have the text in blocks of that many bytes.
static Stretch read(std::string_view text, uint64_t first, StretchLimits limits = {}, size_t block = 3,
                    Until until = Until::stretch)
{
    StretchReader reader(first, until, limits);
    for (size_t at = 0; at < text.size(); at += block)
        if (!reader.take(text.substr(at, block)))
            return reader.finish(false);
    return reader.finish(true);
}

static std::string numbers(int from, int to)
{
    std::string text;
    for (int i = from; i <= to; ++i)
        text += std::to_string(i) + "\n";
    return text;
}

TEST_CASE("a stretch begins at its line and ends after as many as it may have")
{
    for (size_t block : {1, 2, 3, 7, 64, 100'000}) {
        Stretch stretch = read(numbers(1, 1000), 20, {.lines = 10}, block);
        CHECK(stretch.text == numbers(20, 29));
        CHECK(stretch.lines == 10);
        CHECK(stretch.goes_on);
        CHECK_FALSE(stretch.total);
    }
}

TEST_CASE("what is not needed is not asked for")
{
    StretchReader reader(1, Until::stretch, {.lines = 2});
    CHECK(reader.take("a\n"));
    CHECK(reader.take("b\n"));
    CHECK_FALSE(reader.take("c\n"));
    CHECK(reader.finish(false).text == "a\nb\n");
}

TEST_CASE("at the end the number of lines is known, with or without a last newline")
{
    Stretch whole = read("a\nb\n", 1);
    CHECK(whole.total == 2);
    CHECK_FALSE(whole.goes_on);
    Stretch open = read("a\nb\nc", 2);
    CHECK(open.text == "b\nc\n");
    CHECK(open.total == 3);
    CHECK(read("\n\n", 1).text == "\n\n");
    CHECK(read("", 1).total == 0);
}

TEST_CASE("exactly full is not more than full")
{
    CHECK_FALSE(read("a\nb\n", 1, {.lines = 2}).goes_on);
    CHECK(read("a\nb\nc", 1, {.lines = 2}).goes_on);
}

TEST_CASE("who wants the total gets it together with the stretch")
{
    Stretch stretch = read(numbers(1, 500), 3, {.lines = 2}, 5, Until::end);
    CHECK(stretch.text == "3\n4\n");
    CHECK(stretch.total == 500);
    CHECK(stretch.goes_on);
}

TEST_CASE("a line behind the end says how many there are")
{
    Stretch stretch = read(numbers(1, 50), UINT64_MAX);
    CHECK(stretch.lines == 0);
    CHECK(stretch.total == 50);
    CHECK_FALSE(stretch.goes_on);
}

TEST_CASE("bytes are bounded: the line that reaches the bound is the last")
{
    Stretch stretch = read("aaaa\nbbbb\ncccc\ndddd\n", 1, {.bytes = 8});
    CHECK(stretch.text == "aaaa\nbbbb\n");
    CHECK(stretch.goes_on);
}

TEST_CASE("a long line is cut, and how much of it is told")
{
    std::string text = "short\n" + std::string(5000, 'x') + "\nshort\n";
    for (size_t block : {1, 100, 100'000}) {
        Stretch stretch = read(text, 1, {.line_bytes = 10}, block);
        CHECK(stretch.text == "short\nxxxxxxxxxx\nshort\n");
        REQUIRE(stretch.cut.size() == 1);
        CHECK(stretch.cut[0] == std::pair<uint64_t, uint64_t>(2, 4990));
    }
    Stretch open = read(std::string(5000, 'x'), 1, {.line_bytes = 10});
    CHECK(open.text == "xxxxxxxxxx\n");
    CHECK(open.total == 1);
}

TEST_CASE("a character is not cut through")
{
    Stretch stretch = read("1234567€€\n", 1, {.line_bytes = 9});
    CHECK(stretch.text == "1234567\n");
    CHECK(stretch.cut[0].second == 6);
}

TEST_CASE("a NUL near the beginning makes it binary, further on it is one of the bytes")
{
    CHECK(read(std::string("ab\0cd", 5), 1).is_binary);
    CHECK(read(std::string(7999, 'a') + std::string(1, '\0'), 1).is_binary);
    CHECK_FALSE(read(std::string(8000, 'a') + std::string(1, '\0'), 1).is_binary);
}

TEST_CASE("what stands in front of a stretch tells how its first line begins")
{
    auto token_of_first = [](std::string_view name, std::string_view text) {
        StretchReader reader(3, Until::end, {}, std::string(name));
        Stretch stretch = reader.finish(reader.take(text));
        return stretch.highlighter.line(stretch.text.substr(0, stretch.text.find('\n'))).at(0).token;
    };
    CHECK(token_of_first("a.c", "/* a\nb\nc\n*/\n") == quire::text::Token::comment);
    CHECK(token_of_first("a.c", "/* a\nb*/\nc\n") == quire::text::Token::plain);
    CHECK(token_of_first("run", "#!/bin/sh\n\nif\n") == quire::text::Token::keyword);
}
