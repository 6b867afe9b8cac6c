// Who is whose ancestor: what refs hold a commit, and how far two tips have parted. Bounded: nullopt when it takes more
// steps than the caller wants to spend.
#pragma once

#include <optional>
#include <vector>

#include "git/repository.h"

namespace quire::git {

struct AheadBehind {
    size_t ahead = 0, behind = 0;
};

/// How many commits `tip` has that `base` lacks, and the other way round. Takes what it used from `steps`.
std::optional<AheadBehind> ahead_behind(const Repository& repository, const git_oid& tip, const git_oid& base, size_t& steps);

/// For each tip whether it is the commit or comes after it.
std::optional<std::vector<bool>> tips_that_hold(const Repository& repository, const git_oid& commit,
                                                const std::vector<git_oid>& tips, size_t steps);

} // namespace quire::git
