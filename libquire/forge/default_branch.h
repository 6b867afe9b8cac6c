// Reads and changes the default branch: the one that clones check out and pages show first.
#pragma once

#include <string>

#include "base/result.h"
#include "store/root.h"

namespace quire::forge {

/// For example "main", even if it has no commit yet; empty when HEAD names no branch.
Result<std::string> default_branch_of(const store::Root& root, const store::RepoName& name);

/// Durable when it returns. Refused if the repository has branches but not this one.
Result<void> set_default_branch(const store::Root& root, const store::RepoName& name, const std::string& branch);

} // namespace quire::forge
