// Which commit last changed each entry of a directory: what a tree page shows beside the names.
//
// One walk for all entries. A commit that left an entry as its parent had it hands the entry on to that parent; one
// that differs from all its parents changed it. Filters of the commit-graph spare most of the trees.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/patience.h"
#include "git/repository.h"

namespace quire::git {

struct LastChanges {
    std::vector<std::optional<git_oid>> commits; ///< in the order of the names asked for; nullopt: not found in time
    bool is_complete = false;
};

/// `names` are those of entries of the directory, which is a path of the commit ("" the top). Stops when the
/// patience is over, with what it has by then.
LastChanges last_changes(const Repository& repository, const git_oid& commit, const std::string& directory,
                         const std::vector<std::string>& names, const Patience& patience);

} // namespace quire::git
