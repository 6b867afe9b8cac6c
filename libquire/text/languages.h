// The table behind highlight(). Private to text/.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace quire::text {

struct Pair {
    std::string_view open, close;
};

struct Quote {
    std::string_view mark;
    bool escapes = true;
    bool spans_lines = false;
};

struct Language {
    std::string_view name;
    std::span<const std::string_view> files;    ///< endings with their dot, or whole names
    std::span<const std::string_view> keywords; ///< sorted
    std::array<std::string_view, 2> line_comments;
    std::array<Pair, 2> block_comments;
    std::array<Quote, 4> quotes;      ///< longer marks first
    std::string_view word_extra;      ///< bytes that belong to words beside letters, digits and "_"
    std::string_view interpreter;     ///< in a "#!" line
    bool has_directives = false;      ///< a "#" that begins a line
    bool comment_needs_blank = false; ///< a comment begins only after a blank
    bool colon_words = false;         ///< :word is a string
};

std::span<const Language> languages();

} // namespace quire::text
