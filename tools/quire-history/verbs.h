// The verbs of quire-history, one function each; main.cc dispatches.
#pragma once

#include "cli/options.h"
#include "git/repository.h"

namespace quire::history_tool {

Result<int> verb_follow(const cli::Arguments& arguments);
Result<int> verb_trail(const cli::Arguments& arguments);
Result<int> verb_index_changes(const cli::Arguments& arguments);

/// Opens the bare repository in a directory.
Result<git::Repository> open_repository(const std::string& directory);
/// Finds a commit by a branch, a tag, an object id or the beginning of one.
Result<git_oid> find_commit(const git::Repository& repository, const std::string& name);

} // namespace quire::history_tool
