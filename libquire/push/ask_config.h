// Config files that are Fennel code, for hooks, which have no Lua: `quire config get` is asked what they come to.
#pragma once

#include <optional>

#include "store/config.h"

namespace quire::push {

/// Of the repository's file, or without one of the forge's. Secrets don't come along.
store::ConfigEvaluator config_asker(const store::Root& root, std::optional<store::RepoName> name);

} // namespace quire::push
