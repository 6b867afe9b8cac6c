#include "text/ansi.h"

#include <ctime>

#include <catch2/catch_test_macros.hpp>

using namespace quire;
using namespace quire::text;

static std::string plain(const AnsiScreen& screen)
{
    std::string all;
    for (const StyledText& piece : screen.line())
        all += piece.text;
    return all;
}
static std::string shown(std::string_view bytes)
{
    AnsiScreen screen;
    screen.write(bytes);
    return plain(screen);
}

TEST_CASE("text overwrites itself as in a terminal")
{
    CHECK(shown("10%\r20%\r100%") == "100%");
    CHECK(shown("a long line\rshort") == "shortg line");
    CHECK(shown("a long line\r\x1b[Kshort") == "short");
    CHECK(shown("abc\b\bX") == "aXc");
    CHECK(shown("\b\bx") == "x");
    CHECK(shown("a\tb") == "a       b");
    CHECK(shown("abc\x1b[2Kd") == "   d");
    CHECK(shown("abcdef\b\b\x1b[1Kx") == "    xf");
    CHECK(shown("done\r") == "done");
}

TEST_CASE("what moves, hides, names windows or asks is swallowed")
{
    CHECK(shown("a\x1b[2J\x1b[Hb\x1b[5Ac") == "abc");
    CHECK(shown("a\x1b]0;title\x07"
                "b\x1b]8;;http://x\x1b\\c") == "abc");
    CHECK(shown("a\x1bP1;2|stuff\x1b\\b\x1b_app\x1b\\c\x1b^pm\x1b\\d\x1bXsos\x1b\\e") == "abcde");
    CHECK(shown("a\x1b(Bb\x1b=c\x1b[?25ld\x1b[6ne") == "abcde");
    CHECK(shown("a\xc2\x9b"
                "31mb") == "a31mb"); // a C1 control is not one of ours, and does not show
    CHECK(shown("a\x01\x02\x7f"
                "b") == "ab");
    CHECK(shown("a\x1b[31\x18"
                "b") == "ab");
    CHECK(shown("x\xe2\x80\xaey") == "xy");
}

TEST_CASE("a sequence that does not end is over with its line")
{
    AnsiScreen screen;
    screen.write("a\x1b]0;never ending");
    CHECK(plain(screen) == "a");
    screen.end_line();
    screen.write("next");
    CHECK(plain(screen) == "next");
}

TEST_CASE("colours are kept, also over the end of a line")
{
    AnsiScreen screen;
    screen.write("a\x1b[1;31mb\x1b[0;92;44mc\x1b[39;49md");
    auto line = screen.line();
    REQUIRE(line.size() == 4);
    CHECK(line[0].style == Style{});
    CHECK(line[1].style == Style{.foreground = 1, .bold = true});
    CHECK(line[2].style == Style{.foreground = 10, .background = 4});
    CHECK(line[3].style == Style{});
    screen.write("\x1b[7m");
    screen.end_line();
    screen.write("e");
    CHECK(screen.line()[0].style == Style{.inverse = true});
}

TEST_CASE("256 and true colours fall on a cube of 64")
{
    auto colour = [](std::string_view codes) {
        AnsiScreen screen;
        screen.write("\x1b[" + std::string(codes) + "mx");
        return static_cast<int>(screen.line()[0].style.foreground);
    };
    CHECK(colour("38;5;9") == 9);
    CHECK(colour("38;5;196") == 16 + 3 * 16);
    CHECK(colour("38;5;231") == 16 + 63);
    CHECK(colour("38;5;232") == 16);
    CHECK(colour("38;2;0;255;0") == 16 + 3 * 4);
    CHECK(colour("38:5:21") == 16 + 3);
    CHECK(colour("38;2;999;0;0") == 16 + 3 * 16);
    for (const char* broken : {"38", "38;5", "38;2;1;2", "38;7;1", "38;5;999", "999", ";;;", "abc"})
        CHECK(colour(broken) == -1);
}

TEST_CASE("characters may be cut anywhere, and bytes that are none show as such")
{
    AnsiScreen screen;
    for (char c : std::string_view("caf\xc3\xa9 \xf0\x9f\x8e\x89"))
        screen.write({&c, 1});
    CHECK(plain(screen) == "caf\xc3\xa9 \xf0\x9f\x8e\x89");
    CHECK(shown("a\xff"
                "b\xc3"
                "c") == "a\xef\xbf\xbd"
                        "b\xef\xbf\xbd"
                        "c");
}

TEST_CASE("a line is bounded, and what costs more than its asking is too")
{
    AnsiScreen screen;
    screen.write(std::string(AnsiScreen::max_columns + 5, 'x'));
    CHECK(plain(screen).size() == AnsiScreen::max_columns);
    CHECK(screen.cut() == 5);
    std::string hostile(20000, 'x');
    for (int i = 0; i < 200000; ++i)
        hostile += "\x1b[1K\x1b[2Kx";
    std::clock_t begun = std::clock();
    CHECK(shown(hostile).size() <= AnsiScreen::max_columns);
    CHECK(std::clock() - begun < 5 * CLOCKS_PER_SEC);
}
