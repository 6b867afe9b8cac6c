// Finds the words that differ between two versions of a line.
#pragma once

#include <string_view>
#include <vector>

namespace quire::web {

/// Bytes from `begin` to `end`. Never cuts a UTF-8 character in two.
struct Span {
    size_t begin = 0, end = 0;
    bool operator==(const Span&) const = default;
};

struct WordDiff {
    std::vector<Span> removed, added; ///< in order, without touching each other
};

/// Empty if the lines have too little in common for marks to help, or are too long to compare.
WordDiff diff_words(std::string_view before, std::string_view after);

} // namespace quire::web
