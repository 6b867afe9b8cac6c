// Brings the index of changes (change_index.h) up to date: reads the commits that came since with the pushes and lies
// in no branch or tag that was indexed before. A commit is read once, unless the index is made anew. Nothing is written
// where the repository has no change-ids and its tips are the same.
//
// The push log says which push brought a commit. What is in the branches and tags but not in the log was there before.
#pragma once

#include "git/repository.h"

namespace quire::history {

struct IndexedChanges {
    size_t commits = 0;  ///< were read
    size_t versions = 0; ///< are in the index
    bool is_anew = false;
};

/// `runs` is the repository's directory of runs, in which the index lies.
Result<IndexedChanges> index_changes(const git::Repository& repository, int runs);

} // namespace quire::history
