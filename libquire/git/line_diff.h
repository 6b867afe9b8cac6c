// Finds the lines that two versions of a text have in common, exactly as git does.
//
// Several diffs of two texts can be equally short, and the choice among them decides which commit a line belongs to.
// git uses Myers' algorithm with limits on its effort, and then slides changes to where they read best. This code does
// the same, so that blame gives the same result; tests compare it with libgit2, which contains git's own code. For
// hunks with their lines see text_diff.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/patience.h"
#include "git/line_table.h"

namespace quire::git {

/// Lines that differ, counted from 0: `new_count` lines replaced `old_count` ones. One of the two may be 0.
struct Hunk {
    uint32_t old_start = 0, old_count = 0, new_start = 0, new_count = 0;
    bool operator==(const Hunk&) const = default;
};

class LineDiff {
public:
    explicit LineDiff(const LineTable& table) : m_table(&table), m_numbers(table.size()) {}
    /// For lines of which only the numbers are known, all less than `numbers`: without the indent heuristic.
    explicit LineDiff(size_t numbers) : m_numbers(numbers) {}

    /// In order. If the patience runs out, what was not compared counts as changed: the caller must check.
    std::vector<Hunk> compare(std::span<const uint32_t> before, std::span<const uint32_t> after,
                              const Patience& patience = {});

private:
    const LineTable* m_table = nullptr;
    size_t m_numbers;
    std::vector<uint32_t> m_counts; ///< by line; all 0 between calls
};

/// Leaves out the common end of both texts in pieces of a kilobyte, as git does if it needs no context. This affects
/// which of several equally good diffs is found.
void drop_common_tail(const LineTable& table, std::span<const uint32_t>& before, std::span<const uint32_t>& after);

} // namespace quire::git
