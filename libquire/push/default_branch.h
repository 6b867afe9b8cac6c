// Chooses the default branch of a new repository if the intended one was never pushed.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/intent.h"

namespace quire::push {

/// If HEAD names a branch that does not exist, one of the branches that moved becomes the default: main, else master,
/// else the first by name. Returns its short name, or an empty one if nothing was changed. Durable when it returns.
Result<std::string> adopt_default_branch(int repository, const std::vector<store::RefUpdate>& moved);

} // namespace quire::push
