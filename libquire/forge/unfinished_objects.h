// What git leaves below objects/ when it is killed while it takes in a push or packs: the directory in which a push is
// held until it is accepted, and packs and commit-graphs without a name. It may be as large as the push, and git
// removes it after 90 days at the earliest, with what was abandoned; a commit-graph it never removes.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace quire::forge {

/// Paths in the repository, of those in which nobody has written since `since`.
std::vector<std::string> unfinished_objects(int repository, Instant since);

} // namespace quire::forge
