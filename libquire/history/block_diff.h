// What changed between two stretches of lines, as a diff shows it.
#pragma once

#include "git/diff.h"
#include "history/source_lines.h"

namespace quire::history {

struct BlockDiffOptions {
    size_t context = 3;
    size_t max_lines = 400; ///< of all hunks together
    size_t max_line = 2000; ///< bytes of one
};

struct BlockDiff {
    std::vector<git::DiffHunk> hunks;
    bool is_cut = false; ///< there are more lines
};

/// Lines are numbered as in the whole files. An empty range before: everything was added.
BlockDiff diff_blocks(std::string_view before, LineRange old_lines, std::string_view after, LineRange new_lines,
                      const BlockDiffOptions& options = {});

} // namespace quire::history
