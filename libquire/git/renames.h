// Finds renames: a removed file and an added one whose contents are the same, or at least half the same.
#pragma once

#include <utility>

#include "git/tree_diff.h"

namespace quire::git {

/// Pairs of indices into `changes`: the removed file and the added one. The work is limited: among very many files,
/// only renames without other changes are found.
std::vector<std::pair<size_t, size_t>> find_renames(const Objects& objects, const std::vector<TreeChange>& changes,
                                                    const Patience& patience);

} // namespace quire::git
