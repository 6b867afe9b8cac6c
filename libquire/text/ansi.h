// AnsiScreen renders what commands print as a terminal would, line by line, with colours and overwritten text.
//
//   AnsiScreen screen;
//   screen.write(bytes);                        // a piece may begin or end anywhere, even inside an escape
//   for (const StyledText& piece : screen.line()) ...
//   screen.end_line();                          // colours go on in the next line, as in a terminal
//
// It understands select-graphic-rendition (16, 256 and true colours), carriage return, backspace, tab and erase in
// line. It drops every other control: cursor movement, OSC, DCS and the like. A sequence that never ends is dropped at
// the end of its line. A line holds at most max_columns characters; the rest is counted, not kept. The output is
// well-formed UTF-8 without controls or bidi controls. Takes linear time for any input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quire::text {

struct Style {
    /// 0–15: the terminal's own colours; from 16: 16 + 16 r + 4 g + b, with r, g and b from 0 to 3. -1: the default.
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
    /// The content of the line, without blanks at its end that nothing printed.
    std::vector<StyledText> line() const;
    /// How many characters came after max_columns.
    size_t cut() const { return m_cut; }
    void end_line();
    /// The style of the next character.
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
    std::string m_pending;    ///< the beginning of a character
    std::string m_parameters; ///< the parameters of a control sequence
};

} // namespace quire::text
