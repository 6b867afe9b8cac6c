// Files that were moved rather than removed and made: what is the same, or at least half the same, under another path.
#pragma once

#include <utility>

#include "git/tree_diff.h"

namespace quire::git {

/// Pairs of indices into `changes`: what was removed, and what was added in its place. Bounded: among many files only
/// those are found that did not change otherwise.
std::vector<std::pair<size_t, size_t>> find_renames(const Objects& objects, const std::vector<TreeChange>& changes,
                                                    const Patience& patience);

} // namespace quire::git
