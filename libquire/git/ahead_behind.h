// How far branches have parted from another one: one walk over history for many of them.
#pragma once

#include <optional>
#include <vector>

#include "base/patience.h"
#include "git/repository.h"

namespace quire::git {

struct AheadBehind {
    size_t ahead = 0, behind = 0;
};

/// For each tip how many commits it has that `base` lacks, and the other way round. Takes what it used from `steps`;
/// nullopt when they or the patience did not suffice, or one is not here.
std::optional<std::vector<AheadBehind>> ahead_behind(const Repository& repository, const git_oid& base,
                                                     const std::vector<git_oid>& tips, size_t& steps,
                                                     const Patience& patience = {});

} // namespace quire::git
