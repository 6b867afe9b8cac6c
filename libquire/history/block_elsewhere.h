// A block that its file did not have before: in which other file of the same commit's parent it was.
//
// Only lines count that the other file has lost with the commit and this one has got. So a block that was copied from a
// file that keeps it is new.
#pragma once

#include "base/patience.h"
#include "history/block_match.h"
#include "history/path_origin.h"
#include "history/texts.h"

namespace quire::history {

struct BlockElsewhere {
    std::string path;
    LineRange lines;
    Sameness sameness = Sameness::same;
    double similarity = 0;
};

/// `in_own_file`: how the block's file matches what it was before; nullptr: it wasn't there.
std::optional<BlockElsewhere> find_block_elsewhere(Texts& texts, const Changes& changes, const std::string& path,
                                                   const git_oid& blob, LineRange block, const TextMatch* in_own_file,
                                                   const Patience& patience);

} // namespace quire::history
