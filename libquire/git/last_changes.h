// Finds the commit that last changed each entry of a directory, which a tree page shows beside the names.
//
// One walk serves all entries. If a parent has the same entry as the commit, the search for that entry goes on at the
// parent; if no parent has, the commit changed it. The commit-graph's filters avoid reading most of the trees.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/patience.h"
#include "git/repository.h"

namespace quire::git {

struct LastChanges {
    std::vector<std::optional<git_oid>> commits; ///< in the order of the names; nullopt: not found in time
    bool is_complete = false;
};

/// What is known of the directory at another commit. The search for an entry that is unchanged since then ends there.
struct KnownChanges {
    std::optional<git_oid> at; ///< nullopt: nothing is known
    std::map<std::string, git_oid, std::less<>> commits = {};
};

/// `names` are entries of the directory, a path in the commit ("" is the top). When the patience runs out, returns what
/// was found so far.
LastChanges last_changes(const Repository& repository, const git_oid& commit, const std::string& directory,
                         const std::vector<std::string>& names, const Patience& patience,
                         const KnownChanges& known = {});

} // namespace quire::git
