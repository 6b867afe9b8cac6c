// For a block that its file did not have before: finds the other file of the commit's parent in which it was.
//
// Only lines count that the other file lost in the commit and this file gained. So a block that was copied from a file
// that still has it counts as new.
#pragma once

#include "base/patience.h"
#include "history/block_match.h"
#include "history/certainty.h"
#include "history/path_origin.h"
#include "history/texts.h"

namespace quire::history {

struct BlockElsewhere {
    std::string path;
    LineRange lines;
    Sameness sameness = Sameness::same;
    double similarity = 0;
    Evidence evidence;
};

/// The likeliest source, however likely: certainty_of its evidence tells.
/// `in_own_file` says how the block's file matches its earlier version; nullptr: there was none.
std::optional<BlockElsewhere> find_block_elsewhere(Texts& texts, const Changes& changes, const std::string& path,
                                                   const git_oid& blob, LineRange block, const TextMatch* in_own_file,
                                                   const Patience& patience);

/// What speaks for a block that was found in what seems to be its own file under an earlier name.
Evidence evidence_in_renamed(Text& before, LineRange lines, Text& after, LineRange block, double similarity);

} // namespace quire::history
