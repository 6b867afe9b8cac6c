// MovedLines: where lines that a commit added were before: at another place in the same file, in a file that the commit
// changed, or in one that it left alone.
//
// Lines are compared without their blanks. Lines that the commit removed come first; a copy must be twice as long to
// count. Files, bytes and time are limited: when a search is cut short, the result is what was found by then.
#pragma once

#include "history/lineage.h"

namespace quire::history {

struct MovedLines {
    git_oid parent{};
    std::string path;
    uint32_t line = 0;    ///< where the first line was, or would have been
    unsigned percent = 0; ///< how much of the lines' content was found there
};

/// `first` and `count` select lines of the version that added them.
std::optional<MovedLines> find_moved_lines(Lineage& lineage, const Version& version, uint32_t first, uint32_t count,
                                           const Patience& patience);

} // namespace quire::history
