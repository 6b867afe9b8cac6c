// Refuses commits in which jj recorded a conflict, for repositories that say so (:refuse-conflicts). jj itself does not
// push them; plain git does, with a tree that nobody wants to check out.
#pragma once

#include <optional>
#include <string>

#include "push/context.h"
#include "store/config.h"

namespace quire::push {

/// Looks at all commits that the push brings. nullopt if none is in conflict, or they are not refused.
std::optional<std::string> refusal_of_conflicts(const Context& context, const store::RepositoryConfig& config);

} // namespace quire::push
