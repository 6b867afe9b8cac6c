// Which repositories there are, read from the directories; nothing keeps a list beside them.
#pragma once

#include <vector>

#include "base/result.h"
#include "store/root.h"

namespace quire::store {

/// Sorted by name. What is no repository's name (temporary directories, an operator's own files) is passed over.
Result<std::vector<RepoName>> list_repositories(const Root& root);

} // namespace quire::store
