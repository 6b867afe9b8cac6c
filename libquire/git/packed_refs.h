// Moves many refs at once in a repository that nobody else writes to.
//
// The repository's refs must all be packed. packed-refs is replaced by one rename, so whoever reads refs sees none of
// the moves or all. git itself can't promise that: it moves refs one after the other.
#pragma once

#include <string_view>

#include "base/result.h"

namespace quire::git {

/// `lines`: "<id> <ref>", one a line; zeros: the ref is gone. An id of no object is an error, and nothing is moved.
Result<void> move_packed_refs(int repository, std::string_view lines);

} // namespace quire::git
