#include "text/terminal.h"

#include <catch2/catch_test_macros.hpp>

using namespace quire::text;

static std::string kept(std::string_view text) { return log_for_terminal(text, Colour::keep); }
static std::string dropped(std::string_view text) { return log_for_terminal(text, Colour::drop); }

TEST_CASE("colours stay for a terminal, end with the line, and go elsewhere")
{
    CHECK(kept("\x1b[31mred\x1b[0m and not") == "\x1b[31mred\x1b[0m and not");
    CHECK(kept("\x1b[1;38:5:9mred") == "\x1b[1;38:5:9mred\x1b[0m");
    CHECK(dropped("\x1b[31mred\x1b[0m and not") == "red and not");
    CHECK(kept("a\tb\r") == "a\tb");
}

TEST_CASE("every other escape is shown, never sent")
{
    for (std::string_view hostile :
         {"\x1b]0;title\x07", "\x1b[2J", "\x1b[6n", "\x1b[?25l",
          "\x1b"
          "c",
          "\x1bP+q\x1b\\",
          "\x9b"
          "31m",
          "\xc2\x9b"
          "31m",
          "\r over", "\x08", "\x1b[31", "\x1b[1;2H", "\xe2\x80\xae", "\x7f", "\x1b[3\x1b[1m"}) {
        INFO(log_for_terminal(hostile, Colour::drop));
        CHECK(dropped(hostile).find_first_of("\x1b\x07\x08\r\x7f\x9b") == std::string::npos);
        CHECK(dropped(hostile).find('\\') != std::string::npos);
    }
    // What is kept in colour has no escape but colours either.
    CHECK(kept("\x1b[2J\x1b[1mx") == "\\x1b[2J\x1b[1mx\x1b[0m");
    CHECK(kept("\x1b[" + std::string(100, '1') + "m").find('\x1b') == std::string::npos);
}

TEST_CASE("a piece's end that the next piece may complete is held back")
{
    CHECK(unfinished_tail("") == 0);
    CHECK(unfinished_tail("plain") == 0);
    CHECK(unfinished_tail("x\xc3") == 1);
    CHECK(unfinished_tail("x\xc3\xa4") == 0);
    CHECK(unfinished_tail("\xf0\x9f\x98") == 3);
    CHECK(unfinished_tail("x\x1b") == 1);
    CHECK(unfinished_tail("x\x1b[1;3") == 5);
    CHECK(unfinished_tail("x\x1b[1m") == 0);
    CHECK(unfinished_tail("\x80\x80\x80\x80") == 0);
}
