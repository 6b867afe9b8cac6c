// Locks and temporary files that git and quire leave in a repository when they are killed. git never removes a lock,
// and refuses all that would take it.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "store/root.h"

namespace quire::forge {

/// Paths in the repository, of those that nobody has touched since `since`.
std::vector<std::string> stale_locks(int repository, Instant since);

/// Removes, in all repositories, those from before the machine was started, and what git had not finished: whoever was
/// at it is gone. Says so.
void remove_leftovers_of_before(const store::Root& root);

} // namespace quire::forge
