// The list of repositories, read from the directories each time; there is no other list.
#pragma once

#include <vector>

#include "base/result.h"
#include "store/root.h"

namespace quire::store {

/// Sorted by name. Entries that are not repositories (temporary directories, an operator's own files) are ignored.
Result<std::vector<RepoName>> list_repositories(const Root& root);

} // namespace quire::store
