// Brings the index of paths (path_index.h) to the tip of the default branch, newest commits first.
//
// The file is written as a whole, so that is done when enough commits have come together: reading the trees of those
// few is less work for a page than writing the file is for each push.
#pragma once

#include "base/patience.h"
#include "git/repository.h"

namespace quire::history {

struct IndexedPaths {
    size_t commits = 0; ///< of which the paths were found now
    bool is_whole = true;
};

/// So many commits, and a share of those that the index has, may wait.
constexpr size_t enough_commits = 64;

/// `runs` is the repository's directory of runs, in which the index lies.
Result<IndexedPaths> index_paths(const git::Repository& repository, int runs, const Patience& patience,
                                 size_t enough = enough_commits);

} // namespace quire::history
