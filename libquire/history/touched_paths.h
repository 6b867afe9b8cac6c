// The paths that a commit touched: those in which it differs from its first parent, directories among them, and which
// of its other parents has the same there. Found within bounds, whatever somebody pushed.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "git/repository.h"

namespace quire::history {

/// Calls `take` for each such path with the number (from 1) of the first parent that has the same there; 0: none has.
/// Without parents, every path is touched. Returns false if a tree is missing, or there are too many paths: what was
/// taken is not all then.
bool each_touched_path(const git::Objects& objects, const git_oid& tree, const std::vector<git_oid>& parents,
                       const std::function<void(std::string_view path, uint32_t same_parent)>& take);

} // namespace quire::history
