// Finds where a block of lines was in an earlier text, or that it was not there.
//
// A block is whatever a reader selects. If its first line opens something that its last line closes (a function, a
// loop), it is recognised by its first line and content, and ends where it was closed; other blocks by their lines.
#pragma once

#include <optional>

#include "history/text_match.h"

namespace quire::history {

struct BlockOrigin {
    LineRange lines;       ///< of the earlier text
    double similarity = 0; ///< from 0 to 1
};

/// nullopt: the block was not there.
std::optional<BlockOrigin> find_block(const TextMatch& match, LineRange block);

} // namespace quire::history
