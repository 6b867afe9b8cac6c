// Which lines two versions of a text have in common: git's own answer, line by line.
//
// Several diffs of two texts can be equally short, and which one it is decides whose a line is. git's is Myers'
// algorithm with limits on its effort, after which changes are slid to where they read best. This is the same, so that
// blame is the same; tests hold it against libgit2, which carries git's own code.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/patience.h"
#include "history/line_table.h"

namespace quire::history {

/// Lines that differ, counted from 0: `old_count` lines were replaced by `new_count`, one of which may be 0.
struct Hunk {
    uint32_t old_start = 0, old_count = 0, new_start = 0, new_count = 0;
    bool operator==(const Hunk&) const = default;
};

class LineDiff {
public:
    explicit LineDiff(const LineTable& table) : m_table(table) {}

    /// In order. When the patience is over, what was not compared counts as changed: the caller asks it.
    std::vector<Hunk> compare(std::span<const uint32_t> before, std::span<const uint32_t> after,
                              const Patience& patience = {});

private:
    const LineTable& m_table;
    std::vector<uint32_t> m_counts; ///< by line; all 0 between calls
};

/// As git does where it needs no context: leaves out what both texts end with, in pieces of a kilobyte. It does change
/// which of several equally good diffs is found.
void drop_common_tail(const LineTable& table, std::span<const uint32_t>& before, std::span<const uint32_t>& after);

} // namespace quire::history
