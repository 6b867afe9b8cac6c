// The syntax of regular expressions: what grep -E and Perl share, without what takes more than linear time (references,
// looking around). Bytes outside ASCII stand for themselves. Private to search/.
#pragma once

#include <bitset>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace quire::search {

using ByteSet = std::bitset<256>;

struct RegexNode {
    enum class Kind {
        empty,
        bytes,        ///< one byte of a set
        sequence,     ///< all parts, one after the other
        choice,       ///< one of the parts
        repeat,       ///< parts[0], `least` to `most` times
        line_begin,   ///< ^
        line_end,     ///< $
        word_edge,    ///< \b
        no_word_edge, ///< \B
    };
    static constexpr unsigned endless = ~0u;

    Kind kind = Kind::empty;
    ByteSet set = {};
    std::vector<RegexNode> parts = {};
    unsigned least = 0, most = 0;
};

/// ErrorKind::invalid says in one line what is wrong. With `ignores_case`, ASCII letters match both cases.
Result<RegexNode> parse_regex(std::string_view pattern, bool ignores_case);

} // namespace quire::search
