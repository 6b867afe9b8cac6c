// The changes between two stretches of lines, in the form of a diff.
#pragma once

#include "git/diff.h"
#include "history/source_lines.h"

namespace quire::history {

struct BlockDiffOptions {
    size_t context = 3;
    size_t max_lines = 400; ///< in all hunks together
    size_t max_line = 2000; ///< bytes of one line
};

struct BlockDiff {
    std::vector<git::DiffHunk> hunks;
    bool is_cut = false; ///< there are more lines
};

/// Lines have the same numbers as in the whole files. If the earlier range is empty, everything was added.
BlockDiff diff_blocks(std::string_view before, LineRange old_lines, std::string_view after, LineRange new_lines,
                      const BlockDiffOptions& options = {});

} // namespace quire::history
