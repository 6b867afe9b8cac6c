// What a clone of a new repository checks out when the branch that was meant to be its default was never pushed.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/intent.h"

namespace quire::push {

/// If HEAD names a branch that is not there, one of the branches that moved becomes the default: main, else master,
/// else the first by name. Yields its short name; empty when nothing was changed. Durable when it returns.
Result<std::string> adopt_default_branch(int repository, const std::vector<store::RefUpdate>& moved);

} // namespace quire::push
