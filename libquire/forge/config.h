// Configuration for programs that have Lua: files that are Fennel code are evaluated, in the one place that does.
//
// quire-exec and quire-hook have no Lua; what they must know they ask `quire config get` (push/ask_config.h).
#pragma once

#include "store/config.h"

namespace quire::forge {

Result<store::GlobalConfig> read_global_config(const store::Root& root);

/// A repository's config as everybody has to treat it: never fails, but is closed when it can't be read.
store::RepositoryConfig read_config(int repository, const store::RepoName& name);

/// For whoever reads a file's settings as such.
store::ConfigEvaluator config_evaluator();

} // namespace quire::forge
