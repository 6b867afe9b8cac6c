// MovedLines: where lines that a commit added stood before, when it took them from elsewhere: from another place of the
// same file, from another file, or from one that it left as it was.
//
// Lines are compared without their blanks. What a commit removed comes first; a copy has to be twice as long to be
// believed. Bounded in files, bytes and time: the answer of a search that was cut is what it found by then.
#pragma once

#include "history/lineage.h"

namespace quire::history {

struct MovedLines {
    git_oid parent{};
    std::string path;
    uint32_t line = 0;    ///< where the first of the lines stood, or would have stood
    unsigned percent = 0; ///< of what the lines say, by how much of it was found there
};

/// `first` and `count` are lines of the version, which came with it.
std::optional<MovedLines> find_moved_lines(Lineage& lineage, const Version& version, uint32_t first, uint32_t count,
                                           const Patience& patience);

} // namespace quire::history
