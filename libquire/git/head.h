// Which branch a bare repository's HEAD names: clones check it out and pages show it first. Doesn't need libgit2.
#pragma once

#include <string>

#include "base/result.h"

namespace quire::git {

/// For example "refs/heads/main", even if that branch has no commit yet. Empty when HEAD is detached.
Result<std::string> head_ref(int repository);

/// Whether the ref exists, loose or packed. `ref` is a full name.
Result<bool> has_ref(int repository, const std::string& ref);

/// Points HEAD at `ref`, durably. REQUIRES: `ref` is a checked name below refs/heads/.
Result<void> set_head(int repository, const std::string& ref);

} // namespace quire::git
