// Counts how far many branches have diverged from one base, in a single walk over history.
#pragma once

#include <optional>
#include <vector>

#include "base/patience.h"
#include "git/repository.h"

namespace quire::git {

struct AheadBehind {
    size_t ahead = 0, behind = 0;
};

/// For each tip, counts the commits that `base` lacks, and those of `base` that the tip lacks. Takes the steps it used
/// off `steps`. nullopt when the steps or the patience ran out, or a commit is missing.
std::optional<std::vector<AheadBehind>> ahead_behind(const Repository& repository, const git_oid& base,
                                                     const std::vector<git_oid>& tips, size_t& steps,
                                                     const Patience& patience = {});

} // namespace quire::git
