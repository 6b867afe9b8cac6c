// The line that is being highlighted: where one is in it, what was found so far, and the stack of what it is within.
// Private to text/.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "text/highlight/language.h"

namespace quire::text {

/// Modes that the engine knows; a language's own begin with `own`.
namespace mode {
constexpr uint8_t code = 0, quoted = 1, comment = 2, interpolated = 3, guest = 4, one_line = 5, own = 16;
} // namespace mode

class LineLexer {
public:
    LineLexer(std::string_view line, HighlightState& state, std::vector<Piece>& pieces)
        : text(line), limit(line.size()), m_first_code(std::min(line.find_first_not_of(" \t"), line.size())),
          m_state(state), m_pieces(pieces)
    {}

    /// The whole line.
    void run();

    std::string_view text; ///< the line
    size_t at = 0;
    size_t limit; ///< the end of what the language on top may take

    // What the code in front says, within the line.
    bool value_before = false;     ///< a name, a number or a closing bracket: "/" divides
    bool only_types_before = true; ///< nothing but names of types since the line began: see Definitions::prototypes
    uint8_t names_before = 0;      ///< how many
    bool closed_guest = false;     ///< one ended here
    bool no_regex = false;         ///< none closes on the line
    Language::Defines expects = Language::Defines::nothing;
    std::string_view word_before = {}; ///< the last word, if nothing but blanks is between

    char peek(size_t ahead = 0) const { return at + ahead < limit ? text[at + ahead] : '\0'; }
    char before() const { return at > 0 ? text[at - 1] : '\n'; }
    std::string_view rest() const { return text.substr(at, limit - at); }
    bool sees(std::string_view what) const { return !what.empty() && rest().starts_with(what); }
    size_t find(std::string_view what, size_t from) const { return std::min(text.find(what, from), limit); }
    size_t find(char what, size_t from) const { return std::min(text.find(what, from), limit); }
    size_t first_code() const { return m_first_code; } ///< what stands before is blank
    /// The next of some bytes, always the same ones of a language: each place is looked at once.
    size_t next_of(std::string_view bytes)
    {
        if (m_next < at || m_next == 0)
            m_next = std::min(text.find_first_of(bytes, at), text.size());
        return m_next;
    }
    bool only_blanks_before() const { return first_code() >= at; }
    char next_code(size_t from) const ///< the first byte that is no blank
    {
        size_t found = text.find_first_not_of(" \t", from);
        return found < limit ? text[found] : '\0';
    }
    bool is(size_t index, uint8_t kinds) const
    {
        return index < limit && (language().kinds[static_cast<unsigned char>(text[index])] & kinds) != 0;
    }
    size_t word_end(size_t from) const;

    void take(Token token, size_t end); ///< up to `end`
    void take_rest(Token token) { take(token, limit); }
    void take_blanks();

    const Language& language() const { return *top().language; }
    const LanguageTable& table() const { return top().language->table; }
    HighlightState& state() { return m_state; }
    HighlightState::Frame& top() { return m_state.frames[m_state.depth - 1]; }
    const HighlightState::Frame& top() const { return m_state.frames[m_state.depth - 1]; }
    /// False where the stack is full: go on without.
    bool push(HighlightState::Frame frame);
    bool push(uint8_t mode) { return push({.language = top().language, .mode = mode}); }
    void pop();
    /// Another language, up to a mark that the frame's own language looks for: see guest_end().
    bool push_guest(const Language* guest, uint32_t mark);

    void code_token();             ///< one of the language on top, by its table
    void open_quote(size_t index); ///< at its mark
    bool take_number();
    void take_word();
    void announce_heredoc(std::string_view word, bool is_raw, bool may_indent);
    /// From within a string to the code in it: `width` bytes are taken as the string's, "}" ends it.
    bool open_interpolation(size_t width, char close = '}', Token token = Token::string);
    /// Another language up to the line's end, or that of a line that a "\\" does not continue.
    /// `passes_comments`: nor does a comment's line end it.
    bool push_line(const Language* guest, bool passes_comments = false);
    void take_variable(size_t end);                                        ///< "$name", "${name}" up to `end`
    void string_with_names(Token token, size_t end, Interpolation inside); ///< up to `end`, no code in it

    void quoted();

private:
    void code();
    void comment();
    void heredoc();
    void bound_guests();
    void drop_from(size_t index);
    bool take_interpolation(Interpolation inside, Token token);

    size_t m_first_code, m_next = 0;
    HighlightState& m_state;
    std::vector<Piece>& m_pieces;
};

bool is_word_byte(char c);
bool is_digit(char c);
bool is_blank(char c);

/// Where `what` closes from `from` on, `escape` (0: none) taking a byte with it; npos if it does not.
size_t closing(std::string_view text, size_t from, std::string_view what, char escape);

} // namespace quire::text
