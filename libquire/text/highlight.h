// Highlighting works line by line; each line starts in the state that the line before left. Tables and a small
// hand-written lexer for each family of languages recognise comments, strings with interpolation, numbers, keywords,
// and the names that a line defines. They know no grammar. Takes linear time for any line. An error only colours a word
// wrongly.
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
    directive, ///< for the preprocessor; also attributes and decorators
    heading,
    strong,
    emphasis,
    inserted,
    deleted
};
constexpr size_t token_count = 15;

struct Language;

/// Decides by the file's name, else by its first lines ("#!", an editor's mode line); nullptr: show it plain.
const Language* find_language(std::string_view file_name, std::string_view content);
/// Finds a language by a name that people write after "```".
const Language* language_named(std::string_view name);
std::string_view language_name(const Language& language);
/// Whether a word means something by itself: a keyword, or a function that comes with the language.
bool has_meaning(const Language& language, std::string_view word);

/// A piece of a line.
struct Piece {
    Token token;
    std::string_view text;
};

/// The state between two lines. It is a plain value: keep it to start there again.
struct HighlightState {
    struct Frame {
        const Language* language = nullptr;
        uint8_t mode = 0;   ///< what part of the language it is in; 0: code
        uint8_t quote = 0;  ///< the index or the byte of a quote
        uint16_t count = 0; ///< how many braces are open, or how many marks close it
        uint32_t mark = 0;  ///< a hash of the word that ends it
        bool operator==(const Frame&) const = default;
    };
    /// A heredoc that was announced; its text begins on the next line.
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
    /// The pieces of the next line, given without its newline. Together they are the line. Valid until the next call.
    const std::vector<Piece>& line(std::string_view line);
    const HighlightState& state() const { return m_state; }
    void resume(const HighlightState& state) { m_state = state; }
    /// Reads whole lines without returning pieces.
    void skip(std::string_view lines);

private:
    const Language* m_language;
    HighlightState m_state;
    std::vector<Piece> m_pieces;
};

/// The state in which the line at `at` of a text most likely begins. Takes the same time wherever that is.
HighlightState likely_state(const Language* language, std::string_view text, size_t at);

} // namespace quire::text
