// A language: its files, its words, and the form of its comments, strings and definitions. These tables drive
// LineLexer; what a table can't express is a function of the language (`special`, `lex`). Private to text/.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "text/highlight.h"

namespace quire::text {

class LineLexer;

/// Words of one kind, separated by blanks.
struct Words {
    Token token;
    std::string_view words;
};

enum class Interpolation : uint8_t {
    none,
    dollar,       ///< $name ${code}: shells, PHP, Perl, Kotlin, Nix
    dollar_brace, ///< ${code}
    hash_brace,   ///< #{code}
    backslash,    ///< \(code): Swift
    shell,        ///< $name ${…} $(code)
    brace         ///< {code}, but {{ is a plain brace: Python, C#
};

struct Quote {
    std::string_view open, close;
    char escape = '\\'; ///< 0: there is none
    bool spans_lines = false;
    Interpolation inside = Interpolation::none;
    Token token = Token::string;
    bool doubles = false; ///< the closing mark written twice stands for itself
};

/// How to tell a name that is being defined from one that is used.
enum class Definitions : uint8_t {
    words,     ///< only after a word such as "def" (Language::defines_function, …_type)
    prototypes ///< also as in C and Java: a name before "(", after nothing but names of types
};

/// The description of a language.
struct LanguageTable {
    std::string_view name;
    std::string_view files;        ///< endings with their dot, or whole names, separated by blanks
    std::string_view interpreters; ///< in a "#!" line
    std::string_view aliases;      ///< its other names, in lower case
    std::span<const Words> words = {};
    std::array<std::string_view, 3> line_comments = {};
    std::array<std::string_view, 2> block_comment = {};
    bool nests_comments = false;
    bool comment_needs_blank = false; ///< a line comment begins only after a blank
    std::span<const Quote> quotes = {};
    std::string_view word_extra = {};  ///< bytes that belong to words besides letters, digits and "_"
    std::string_view word_starts = {}; ///< bytes that begin a word besides letters and "_"
    std::string_view word_ends = {};   ///< bytes that may end a word: "?" and "!" in Ruby
    std::string_view defines_function = {}, defines_type = {};
    std::string_view begins_expression = {}; ///< after these words, no prototype follows on the line
    bool dot_is_member = false;              ///< a word after "." is not a keyword
    Definitions definitions = Definitions::words;
    Token capital = Token::plain; ///< for names that begin with a capital letter
    bool ignores_case = false;
    /// Called first where a token may begin; returns whether it took something.
    bool (*special)(LineLexer&) = nullptr;
    std::string_view special_bytes = {}; ///< the bytes at which `special` is called
    /// Judges a word that is in no table.
    Token (*judge)(LineLexer&, std::string_view word) = nullptr;
    /// Replaces everything above: takes at least a byte, or changes the state.
    void (*lex)(LineLexer&) = nullptr;
    /// Where a guest language in it ends on the line, searched from `from` on; npos if it does not.
    size_t (*guest_end)(const LineLexer&, const HighlightState::Frame& guest, size_t from) = nullptr;
};

/// A table prepared for use.
struct Language {
    explicit Language(const LanguageTable& made_of);
    const LanguageTable& table;

    enum Kind : uint8_t {
        blank = 1,
        in_word = 2,
        digit = 4,
        begins_word = 8,
        is_special = 16,
        comments_or_quotes = 32
    };
    std::array<uint8_t, 256> kinds{};

    /// What the name after a word is. `expression`: no prototype follows on the line.
    enum class Defines : uint8_t { nothing, function, type, expression };
    struct Known {
        Token token = Token::plain;
        Defines defines = Defines::nothing;
    };
    /// What the table says about a word; plain if nothing.
    Known find(std::string_view word) const;

private:
    struct Slot {
        std::string_view word;
        Known known;
    };
    void add(std::string_view words, Token token);
    void define(std::string_view words, Defines what);
    Slot& place(std::string_view word);
    std::vector<Slot> m_slots;
};

/// Calls `take` with each of the words, which are separated by blanks.
template <typename Take>
void each_word(std::string_view words, Take take)
{
    for (size_t at = 0; at < words.size();) {
        size_t end = std::min(words.find(' ', at), words.size());
        if (end > at)
            take(words.substr(at, end - at));
        at = end + 1;
    }
}

/// A hash of a word that ends a heredoc or a raw string.
uint32_t mark_of(std::string_view word);

// One function per family, in the file of that name.
std::span<const LanguageTable> c_family();
std::span<const LanguageTable> web_family();
std::span<const LanguageTable> script_family();
std::span<const LanguageTable> quote_like_family();
std::span<const LanguageTable> lisp_family();
std::span<const LanguageTable> functional_family();
std::span<const LanguageTable> shell_family();
std::span<const LanguageTable> data_family();
std::span<const LanguageTable> markup_family();
std::span<const LanguageTable> prose_family();

} // namespace quire::text
