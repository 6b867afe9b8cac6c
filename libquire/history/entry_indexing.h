// Brings the index of entries (entry_index.h) to the tip of the default branch. The search in each directory ends where
// it meets the commit of the index there was, so after the first time it costs what came since.
#pragma once

#include "base/patience.h"
#include "git/repository.h"

namespace quire::history {

struct IndexedEntries {
    size_t directories = 0;
    size_t entries = 0;
    bool is_complete = true; ///< false: the patience ran out, or there are more directories than are indexed
};

/// `runs` is the repository's directory of runs, in which the index lies.
Result<IndexedEntries> index_entries(const git::Repository& repository, int runs, const Patience& patience);

} // namespace quire::history
