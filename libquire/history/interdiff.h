// Interdiff: what changed from one version of a commit to another, whatever both were based on.
//
// The old version is carried over to the new one's parent, in memory, as a rebase would do it; what still differs from
// the new version is the answer. Only files that one of the versions touches are looked at, so the cost depends on the
// change and not on what came between. Where the old version can't be carried over without a conflict, its own lines
// stand for it, without marks. A file that both versions change in the same way is left out, even if such a merge
// would not say so: after a pure rebase nothing is left.
//
// A merge is compared by what it did beyond merging: its base is what its parents merge to, and where that has a
// conflict or one side renamed a file that the other changed, its first parent. A file is left out, too, if both
// versions do the same to their first parents.
#pragma once

#include "git/diff.h"
#include "history/tree_view.h"

namespace quire::history {

struct Interdiff {
    git::Diff diff;
    bool is_rebased = false; ///< the parents differ
    bool has_new_message = false;
    size_t unmerged = 0;     ///< files that could not be carried over without a conflict
    bool is_partial = false; ///< time ran out, or more files are touched than can be looked at
};

Result<Interdiff> find_interdiff(const git::Repository& repository, const git_oid& from, const git_oid& to,
                                 const git::DiffOptions& options = {});

} // namespace quire::history
