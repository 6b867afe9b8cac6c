// The branch that a clone checks out and pages show first: which it is, and another one.
#pragma once

#include <string>

#include "base/result.h"
#include "store/root.h"

namespace quire::forge {

/// "main"; empty when HEAD names no branch. It may have no commit yet.
Result<std::string> default_branch_of(const store::Root& root, const store::RepoName& name);

/// Durable when it returns. Refused unless the repository has that branch, or none at all.
Result<void> set_default_branch(const store::Root& root, const store::RepoName& name, const std::string& branch);

} // namespace quire::forge
