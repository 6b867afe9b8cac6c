// For hooks, which have no Lua: evaluates config files that are Fennel code by running `quire config get`.
#pragma once

#include <optional>

#include "store/config.h"

namespace quire::push {

/// For the config of the repository, or without a name for the forge's. Secrets are left out.
store::ConfigEvaluator config_asker(const store::Root& root, std::optional<store::RepoName> name);

} // namespace quire::push
