// The newest commits of a commit's history, for pages that list them: from the file of the newest commits
// (history/newest_commits.h) if it is of that commit, else from git.
#pragma once

#include <optional>
#include <vector>

#include "git/log_walk.h"
#include "history/newest_commits.h"
#include "web/site/visit.h"

namespace quire::web {

/// nullopt: there is no such file.
std::optional<history::NewestCommits> kept_newest(const Visit& visit);
/// nullopt: there is no such file of this commit.
std::optional<history::NewestCommits> kept_newest(const Visit& visit, const git_oid& tip);
/// The first commits of the log from the tip on; `kept` is what is kept of any commit.
/// REQUIRES: count <= history::most_newest_commits.
Result<std::vector<git::CommitInfo>> newest_commits(const std::optional<history::NewestCommits>& kept,
                                                    const git::Repository& repository, const git_oid& tip,
                                                    size_t count);

} // namespace quire::web
