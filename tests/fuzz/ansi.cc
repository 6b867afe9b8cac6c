#include "text/ansi.h"

#include "base/strings.h"
#include "fuzz/fuzz.h"

using namespace quire::text;

FUZZ_SEEDS("\x1b[];:0123456789mKPX^_\\\r\b\t\x07\x18 ab\xc3\xa9\xe2\x80\xae", "\x1b[31mred\x1b[0m plain",
           "10%\r20%\r\x1b[K100%", "\x1b]0;title\x07text", "\x1b[38;2;255;100;0;48;5;17mx\x1b[1;4;7my",
           "\x1bP1$r0m\x1b\\after", "caf\xc3\xa9\b\b\xf0\x9f\x8e\x89")

static std::string shown(const AnsiScreen& screen)
{
    std::string all;
    for (const StyledText& piece : screen.line()) {
        quire::fuzz::require(!piece.text.empty(), "no piece is empty");
        quire::fuzz::require(piece.style.foreground < 80 && piece.style.background < 80, "a colour that there is");
        all += piece.text;
    }
    return all;
}

FUZZ_TARGET(input)
{
    using quire::fuzz::require;
    AnsiScreen whole, cut;
    whole.write(input);
    for (char c : input)
        cut.write({&c, 1});
    std::string text = shown(whole);
    require(text == shown(cut), "it does not matter where a piece ends");
    require(quire::is_printable_utf8(text), "nothing that a terminal or a browser acts on is left");
    whole.end_line();
    require(shown(whole).empty(), "a line that has ended is empty");
    whole.write("abc");
    require(shown(whole) == "abc", "the next line is not swallowed");
}
