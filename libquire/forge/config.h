// Config files for programs that have Lua. Files that are Fennel code are evaluated here and nowhere else.
//
// quire-exec and quire-hook have no Lua; they run `quire config get` instead (push/ask_config.h).
#pragma once

#include "store/config.h"

namespace quire::forge {

Result<store::GlobalConfig> read_global_config(const store::Root& root);

/// The config that applies to a repository. Never fails: a config that can't be read counts as closed.
store::RepositoryConfig read_config(int repository, const store::RepoName& name);

/// Evaluates config files that are code, for callers that read the settings themselves.
store::ConfigEvaluator config_evaluator();

} // namespace quire::forge
