// AnsiScreen: what commands print, as a terminal would show it, line by line: colours, and text that overwrites itself.
//
//   AnsiScreen screen;
//   screen.write(bytes);                        // pieces may cut anything in two
//   for (const StyledText& piece : screen.line()) ...
//   screen.end_line();                          // colours go on in the next line, as in a terminal
//
// Kept: select-graphic-rendition (16, 256 and true colours), carriage return, backspace, tab, erase in line. Swallowed:
// every other control, cursor movement, OSC, DCS and their like; one that never ends is over with its line. A line
// holds at most max_columns characters; what comes behind is counted, not kept. Output is well-formed UTF-8 without
// controls and marks that turn the writing around. Linear in its input, whatever that is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quire::text {

struct Style {
    /// 0–15: the terminal's own colours; 16 and on: 16 + 16 r + 4 g + b, each 0–3. -1: none.
    int8_t foreground = -1;
    int8_t background = -1;
    bool bold = false, faint = false, italic = false, underline = false, inverse = false, strike = false,
         hidden = false;
    bool operator==(const Style&) const = default;
};

struct StyledText {
    Style style;
    std::string text;
};

class AnsiScreen {
public:
    static constexpr size_t max_columns = 8000;

    void write(std::string_view bytes);
    /// What stands in the line now, without blanks that nobody wrote.
    std::vector<StyledText> line() const;
    /// Characters that came after max_columns.
    size_t cut() const { return m_cut; }
    void end_line();
    /// What the next character would look like.
    const Style& style() const { return m_style; }
    void set_style(const Style& style) { m_style = style; }

private:
    enum class State { text, escape, escape_rest, control, string, string_escape };
    struct Cell {
        char bytes[4] = {' ', 0, 0, 0};
        uint8_t size = 1;
        Style style;
    };

    void step(unsigned char byte);
    void take_text(unsigned char byte);
    void flush_character(bool at_end);
    void put(std::string_view character);
    void control(unsigned char byte);
    void finish_control(char final);
    void select_rendition();
    void erase(int mode);

    State m_state = State::text;
    Style m_style;
    std::vector<Cell> m_cells;
    size_t m_column = 0, m_cut = 0, m_erased = 0;
    std::string m_pending;    ///< of a character
    std::string m_parameters; ///< of a control sequence
};

} // namespace quire::text
