// Highlighting: a line at a time, each beginning in the state that the line before left. Tables and a small hand-made
// lexer per family of languages know comments, strings with what is interpolated in them, numbers, keywords, and the
// names that a line defines; nothing knows grammar. Linear in the line's length, whatever it holds. A slip colours a
// word wrongly, no more.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace quire::text {

enum class Token : uint8_t {
    plain,
    comment,
    string,
    number,
    keyword,
    function,
    type,
    constant,
    key,
    directive, ///< for a preprocessor; attributes and decorators
    heading,
    strong,
    emphasis,
    inserted,
    deleted
};
constexpr size_t token_count = 15;

struct Language;

/// By the file's name, else by the first lines of its content ("#!", an editor's mode line); nullptr: show it plain.
const Language* find_language(std::string_view file_name, std::string_view content);
/// By a name as people write it after "```".
const Language* language_named(std::string_view name);
std::string_view language_name(const Language& language);

/// A piece of a line.
struct Piece {
    Token token;
    std::string_view text;
};

/// What a line leaves to the next one. A plain value: keep it, and begin there again.
struct HighlightState {
    struct Frame {
        const Language* language = nullptr;
        uint8_t mode = 0;   ///< what the language is within; 0: code
        uint8_t quote = 0;  ///< the index of a quote, or its byte
        uint16_t count = 0; ///< braces that are open, marks that close
        uint32_t mark = 0;  ///< a hash of the word that ends it
        bool operator==(const Frame&) const = default;
    };
    /// A heredoc that was announced: its text begins on the next line.
    struct Heredoc {
        uint32_t mark = 0;
        bool is_raw = false, may_indent = false;
        bool operator==(const Heredoc&) const = default;
    };
    static constexpr size_t max_depth = 12, max_heredocs = 3;
    std::array<Frame, max_depth> frames;
    std::array<Heredoc, max_heredocs> heredocs;
    uint8_t depth = 0, heredoc_count = 0;
    bool in_heredoc = false;
    bool operator==(const HighlightState&) const = default;
};

class Highlighter {
public:
    explicit Highlighter(const Language* language); ///< nullptr: everything is plain
    /// The pieces of the next line, which has no newline; together they are the line. Valid until the next call.
    const std::vector<Piece>& line(std::string_view line);
    const HighlightState& state() const { return m_state; }
    void resume(const HighlightState& state) { m_state = state; }
    /// Takes whole lines without a caller for the pieces.
    void skip(std::string_view lines);

private:
    const Language* m_language;
    HighlightState m_state;
    std::vector<Piece> m_pieces;
};

} // namespace quire::text
