// The line that is being highlighted: the current position, the pieces found so far, and the stack of what the position
// is in. Private to text/.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "text/highlight/language.h"

namespace quire::text {

/// Modes that the engine knows. A language's own modes begin with `own`.
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
    size_t limit; ///< where the part of the language on top ends

    // What the code before the current position says, within the line.
    bool value_before = false;     ///< a name, a number or a closing bracket precedes: "/" divides
    bool only_types_before = true; ///< only names of types since the line began; see Definitions::prototypes
    uint8_t names_before = 0;      ///< how many of them
    bool closed_guest = false;     ///< a guest language ended on this line
    bool no_regex = false;         ///< no regular expression is closed on the line
    Language::Defines expects = Language::Defines::nothing;
    std::string_view word_before = {}; ///< the last word, if only blanks follow it

    char peek(size_t ahead = 0) const { return at + ahead < limit ? text[at + ahead] : '\0'; }
    char before() const { return at > 0 ? text[at - 1] : '\n'; }
    std::string_view rest() const { return text.substr(at, limit - at); }
    bool sees(std::string_view what) const { return !what.empty() && rest().starts_with(what); }
    size_t find(std::string_view what, size_t from) const { return std::min(text.find(what, from), limit); }
    size_t find(char what, size_t from) const { return std::min(text.find(what, from), limit); }
    size_t first_code() const { return m_first_code; } ///< everything before it is blank
    /// The next of some bytes, always the same ones for a language, so that each place is looked at once.
    size_t next_of(std::string_view bytes)
    {
        if (m_next < at || m_next == 0)
            m_next = std::min(text.find_first_of(bytes, at), text.size());
        return m_next;
    }
    bool only_blanks_before() const { return first_code() >= at; }
    char next_code(size_t from) const ///< the first byte that is not blank
    {
        size_t found = text.find_first_not_of(" \t", from);
        return found < limit ? text[found] : '\0';
    }
    bool is(size_t index, uint8_t kinds) const
    {
        return index < limit && (language().kinds[static_cast<unsigned char>(text[index])] & kinds) != 0;
    }
    size_t word_end(size_t from) const;

    void take(Token token, size_t end); ///< takes everything up to `end`
    void take_rest(Token token) { take(token, limit); }
    void take_blanks();

    const Language& language() const { return *top().language; }
    const LanguageTable& table() const { return top().language->table; }
    HighlightState& state() { return m_state; }
    HighlightState::Frame& top() { return m_state.frames[m_state.depth - 1]; }
    const HighlightState::Frame& top() const { return m_state.frames[m_state.depth - 1]; }
    /// false: the stack is full; go on without.
    bool push(HighlightState::Frame frame);
    bool push(uint8_t mode) { return push({.language = top().language, .mode = mode}); }
    void pop();
    /// A string between long brackets, as "[==[" and "]==]", or behind the mark a comment: takes its beginning, or what
    /// is in it up to the closing one or the end of the line. The language's first two own modes are for that.
    bool take_long_bracket(std::string_view comment_mark);
    /// Starts another language, up to a mark that the frame's own language looks for: see guest_end().
    bool push_guest(const Language* guest, uint32_t mark);

    void code_token();             ///< takes a token of the language on top, by its table
    void open_quote(size_t index); ///< called at the quote's mark
    bool take_number();
    void take_word();
    void announce_heredoc(std::string_view word, bool is_raw, bool may_indent);
    /// Goes from a string into the code in it: `width` bytes still belong to the string, and "}" ends the code.
    bool open_interpolation(size_t width, char close = '}', Token token = Token::string);
    /// Starts another language up to the end of the line, or of the last line if a "\\" continues it. With
    /// `passes_comments`, a line that is a comment does not end it either.
    bool push_line(const Language* guest, bool passes_comments = false);
    void take_variable(size_t end);                                        ///< takes "$name" or "${name}" up to `end`
    void string_with_names(Token token, size_t end, Interpolation inside); ///< up to `end`, with no code in it

    void quoted();

private:
    void end_long_bracket(Token token);
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

/// Where `what` closes, searched from `from` on; npos if it does not. `escape` (0: none) protects the byte after it.
size_t closing(std::string_view text, size_t from, std::string_view what, char escape);

} // namespace quire::text
