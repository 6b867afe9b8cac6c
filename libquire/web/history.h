// What git itself answers faster than libgit2, since it reads the commit-graph: the history of a path.
//
// Every command gets full object ids and, after "--", paths taken literally: nothing of a reader's request can be
// an option or a pattern. Each has a deadline.
#pragma once

#include "git/repository.h"
#include "web/site.h"

namespace quire::web {

Result<std::vector<git::CommitInfo>> path_history(const Repository& where, const git::Repository& repository,
                                                  const git::Place& place, size_t skip, size_t count);

} // namespace quire::web
