// Which branch a bare repository's HEAD names: what a clone checks out and pages show first. Needs no libgit2.
#pragma once

#include <string>

#include "base/result.h"

namespace quire::git {

/// "refs/heads/main", whether there is such a branch or not; empty when HEAD names none (it is detached).
Result<std::string> head_ref(int repository);

/// Whether the ref has a value, loose or packed. `ref` is a full name.
Result<bool> has_ref(int repository, const std::string& ref);

/// Durable when it returns. REQUIRES: `ref` is a checked name below refs/heads/.
Result<void> set_head(int repository, const std::string& ref);

} // namespace quire::git
