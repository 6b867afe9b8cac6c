// Brings the file of the newest commits (newest_commits.h) to the tip of the default branch.
#pragma once

#include "git/repository.h"

namespace quire::history {

/// `runs` is the repository's directory of runs, in which the file lies. Nothing is written for a shallow repository,
/// whose history may get longer under the same tip, and where a commit is large or a conflict of jj's, for which pages
/// look at more than its content.
Result<void> index_newest(const git::Repository& repository, int runs);

} // namespace quire::history
