#include "text/ansi.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/strings.h"

namespace quire::text {

constexpr size_t max_parameters = 256; ///< the most bytes of one control sequence
constexpr std::string_view replacement = "\xef\xbf\xbd";

void AnsiScreen::write(std::string_view bytes)
{
    for (char c : bytes)
        step(static_cast<unsigned char>(c));
}

void AnsiScreen::step(unsigned char byte)
{
    constexpr unsigned char escape = 0x1b, bell = 0x07, cancel = 0x18, substitute = 0x1a;
    if (m_state == State::text && (byte >= 0x20 && byte != 0x7f)) {
        take_text(byte);
        return;
    }
    if (m_state == State::text)
        flush_character(true);
    if (byte == cancel || byte == substitute) {
        m_state = State::text;
        return;
    }
    switch (m_state) {
    case State::text:
        if (byte == escape)
            m_state = State::escape;
        else
            control(byte);
        break;
    case State::escape:
        m_parameters.clear();
        if (byte == '[')
            m_state = State::control;
        else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_')
            m_state = State::string;
        else if (byte >= 0x20 && byte <= 0x2f)
            m_state = State::escape_rest;
        else if (byte != escape)
            m_state = State::text;
        break;
    case State::escape_rest:
        if (byte == escape)
            m_state = State::escape;
        else if (byte < 0x20 || byte > 0x2f)
            m_state = State::text;
        break;
    case State::control:
        if (byte == escape)
            m_state = State::escape;
        else if (byte >= 0x40 && byte <= 0x7e)
            finish_control(static_cast<char>(byte));
        else if (byte < 0x20)
            control(byte); // a terminal obeys these even inside a sequence
        else if (byte < 0x40 && m_parameters.size() < max_parameters)
            m_parameters += static_cast<char>(byte);
        else if (byte > 0x7e)
            m_state = State::text;
        break;
    case State::string:
        if (byte == bell)
            m_state = State::text;
        else if (byte == escape)
            m_state = State::string_escape;
        break;
    case State::string_escape:
        m_state = byte == '\\' ? State::text : State::string;
        break;
    }
}

/// Collects the bytes of one character.
void AnsiScreen::take_text(unsigned char byte)
{
    if (byte < 0x80 && m_pending.empty()) {
        char c = static_cast<char>(byte);
        put({&c, 1});
        return;
    }
    bool continues = (byte & 0xc0) == 0x80;
    if (!continues)
        flush_character(true);
    if (byte < 0x80) {
        char c = static_cast<char>(byte);
        put({&c, 1});
        return;
    }
    m_pending += static_cast<char>(byte);
    flush_character(false);
}

/// Shows the pending bytes if they are a whole character or can't become one any more.
void AnsiScreen::flush_character(bool at_end)
{
    if (m_pending.empty())
        return;
    if (utf8_length(m_pending) == m_pending.size()) {
        // C1 controls and bidi controls are shown as nothing.
        if (printable_length(m_pending) == m_pending.size())
            put(m_pending);
        m_pending.clear();
    } else if (at_end || m_pending.size() >= 4 || (m_pending[0] & 0xc0) == 0x80) {
        put(replacement);
        m_pending.clear();
    }
}

void AnsiScreen::put(std::string_view character)
{
    if (m_column >= max_columns) {
        ++m_cut;
        return;
    }
    if (m_column >= m_cells.size())
        m_cells.resize(m_column + 1);
    Cell& cell = m_cells[m_column++];
    std::memcpy(cell.bytes, character.data(), character.size());
    cell.size = static_cast<uint8_t>(character.size());
    cell.style = m_style;
}

void AnsiScreen::control(unsigned char byte)
{
    constexpr size_t tab = 8;
    if (byte == '\r')
        m_column = 0;
    else if (byte == '\b' && m_column > 0)
        --m_column;
    else if (byte == '\t')
        m_column = std::min(max_columns, (m_column / tab + 1) * tab);
    else if (byte == '\n' || byte == '\v' || byte == '\f')
        put(" "); // the caller has split the lines already
}

void AnsiScreen::finish_control(char final)
{
    m_state = State::text;
    bool is_private = !m_parameters.empty() && (m_parameters[0] < '0' || m_parameters[0] > ';');
    if (final == 'm' && !is_private)
        select_rendition();
    else if (final == 'K' && !is_private)
        erase(m_parameters.empty() ? 0 : static_cast<int>(parse_decimal(m_parameters).value_or(0)));
}

void AnsiScreen::erase(int mode)
{
    // Limits the work, because erasing costs more than the few bytes that ask for it.
    constexpr size_t most_erased = 100'000;
    m_erased += m_cells.size();
    if (m_erased > most_erased)
        return;
    Cell blank;
    blank.style.background = m_style.background;
    if (mode == 0 && m_column < m_cells.size())
        m_cells.resize(m_column);
    else if (mode == 1)
        std::fill_n(m_cells.begin(), std::min(m_column + 1, m_cells.size()), blank);
    else if (mode == 2)
        m_cells.clear();
}

static int8_t cube_colour(int red, int green, int blue)
{
    auto step = [](int value) { return std::clamp((value + 42) / 85, 0, 3); };
    return static_cast<int8_t>(16 + step(red) * 16 + step(green) * 4 + step(blue));
}

/// One of the 256 colours: 16 of the terminal's own, a cube of 6×6×6, 24 greys.
static int8_t indexed_colour(int index)
{
    if (index < 16)
        return static_cast<int8_t>(index);
    if (index >= 232) {
        int grey = 8 + (index - 232) * 10;
        return cube_colour(grey, grey, grey);
    }
    auto level = [](int step) { return step == 0 ? 0 : 55 + step * 40; };
    int cube = index - 16;
    return cube_colour(level(cube / 36), level(cube / 6 % 6), level(cube % 6));
}

void AnsiScreen::select_rendition()
{
    std::vector<int> codes;
    for (char& c : m_parameters)
        if (c == ':')
            c = ';'; // 38:5:1 and 38:2::r:g:b; an empty colour space counts as 0 below
    for (std::string_view part : split(m_parameters, ';'))
        codes.push_back(part.empty() ? 0
                                     : static_cast<int>(std::min<uint64_t>(parse_decimal(part).value_or(999), 999)));
    for (size_t i = 0; i < codes.size(); ++i) {
        int code = codes[i];
        if (code == 38 || code == 48) {
            int8_t& colour = code == 38 ? m_style.foreground : m_style.background;
            if (i + 2 < codes.size() && codes[i + 1] == 5) {
                if (codes[i + 2] < 256)
                    colour = indexed_colour(codes[i + 2]);
                i += 2;
            } else if (i + 4 < codes.size() && codes[i + 1] == 2) {
                colour =
                    cube_colour(std::min(codes[i + 2], 255), std::min(codes[i + 3], 255), std::min(codes[i + 4], 255));
                i += 4;
            } else {
                return;
            }
        } else if (code == 0) {
            m_style = {};
        } else if (code >= 30 && code <= 37) {
            m_style.foreground = static_cast<int8_t>(code - 30);
        } else if (code >= 90 && code <= 97) {
            m_style.foreground = static_cast<int8_t>(code - 90 + 8);
        } else if (code >= 40 && code <= 47) {
            m_style.background = static_cast<int8_t>(code - 40);
        } else if (code >= 100 && code <= 107) {
            m_style.background = static_cast<int8_t>(code - 100 + 8);
        } else if (code == 39) {
            m_style.foreground = -1;
        } else if (code == 49) {
            m_style.background = -1;
        } else if (code == 22) {
            m_style.bold = m_style.faint = false;
        } else {
            constexpr std::array<std::pair<int, bool Style::*>, 7> marks = {{{1, &Style::bold},
                                                                             {2, &Style::faint},
                                                                             {3, &Style::italic},
                                                                             {4, &Style::underline},
                                                                             {7, &Style::inverse},
                                                                             {8, &Style::hidden},
                                                                             {9, &Style::strike}}};
            for (const auto& [number, member] : marks)
                if (code == number || code == number + 20)
                    m_style.*member = code == number;
        }
    }
}

std::vector<StyledText> AnsiScreen::line() const
{
    std::vector<StyledText> pieces;
    for (const Cell& cell : m_cells) {
        if (pieces.empty() || pieces.back().style != cell.style)
            pieces.push_back({cell.style, {}});
        pieces.back().text.append(cell.bytes, cell.size);
    }
    return pieces;
}

void AnsiScreen::end_line()
{
    flush_character(true);
    m_state = State::text;
    m_cells.clear();
    m_column = m_cut = m_erased = 0;
    m_parameters.clear();
}

} // namespace quire::text
