// Which words differ between two versions of a line.
#pragma once

#include <string_view>
#include <vector>

namespace quire::web {

/// Bytes `begin` to `end`. Never cuts a UTF-8 character.
struct Span {
    size_t begin = 0, end = 0;
    bool operator==(const Span&) const = default;
};

struct WordDiff {
    std::vector<Span> removed, added; ///< in order, apart from each other
};

/// Empty when the lines have too little in common for marks to help, or are too long to compare.
WordDiff diff_words(std::string_view before, std::string_view after);

} // namespace quire::web
