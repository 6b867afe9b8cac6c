// Where a block of lines was in the text before, or that it was not there.
//
// A block is whatever a reader selects. Where it begins with a line that opens something and ends with what closes it
// (a function, a loop), it is told by that line and what is inside, and it ends where it was closed; else by its lines.
#pragma once

#include <optional>

#include "history/text_match.h"

namespace quire::history {

struct BlockOrigin {
    LineRange lines;       ///< of the text before
    double similarity = 0; ///< from 0 to 1
};

/// nullopt: the block was not there.
std::optional<BlockOrigin> find_block(const TextMatch& match, LineRange block);

} // namespace quire::history
