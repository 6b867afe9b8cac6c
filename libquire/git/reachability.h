// Questions about ancestors: which refs contain a commit, and where two tips diverged. Each answer is limited: it
// fails, or is nullopt, if it needs more steps or time than the caller allows.
#pragma once

#include <optional>
#include <vector>

#include "base/patience.h"
#include "git/repository.h"

namespace quire::git {

/// The best common ancestor of two tips, and the commits that only the second one has.
struct Parting {
    std::optional<git_oid> ancestor; ///< absent if they have no common ancestor
    std::vector<CommitInfo> commits; ///< commits of `tip` that `base` lacks, newest first, at most `count`
};
Result<Parting> find_parting(const Repository& repository, const git_oid& base, const git_oid& tip, size_t count,
                             size_t steps, const Patience& patience = {});

/// For each tip, whether it is the commit or a descendant of it.
std::optional<std::vector<bool>> tips_that_hold(const Repository& repository, const git_oid& commit,
                                                const std::vector<git_oid>& tips, size_t steps,
                                                const Patience& patience = {});

} // namespace quire::git
