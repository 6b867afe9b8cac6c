// Who is whose ancestor: what refs hold a commit, and where two tips have parted. Bounded: it fails, or is nullopt,
// when it takes more steps or time than the caller wants to spend.
#pragma once

#include <optional>
#include <vector>

#include "base/patience.h"
#include "git/repository.h"

namespace quire::git {

/// What two tips have in common, and what only the second has.
struct Parting {
    std::optional<git_oid> ancestor; ///< the best common one, if there is any
    std::vector<CommitInfo> commits; ///< that `tip` has and `base` lacks, newest first, at most `count` of them
};
Result<Parting> find_parting(const Repository& repository, const git_oid& base, const git_oid& tip, size_t count,
                             size_t steps, const Patience& patience = {});

/// For each tip whether it is the commit or comes after it.
std::optional<std::vector<bool>> tips_that_hold(const Repository& repository, const git_oid& commit,
                                                const std::vector<git_oid>& tips, size_t steps,
                                                const Patience& patience = {});

} // namespace quire::git
