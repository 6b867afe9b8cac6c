// The workspace of a run that failed stays for a while, so that somebody can look into it with `quire shell`.
//
// A file in runs/.queue/kept says that it does; its time is when the run ended. The runner keeps a workspace, and lets
// go of it later. Whoever is in it shares the run's shell.lock meanwhile. After a crash at any point, either the file
// is there and the next scan goes on, or the workspace goes at once, as that of a run that did not fail does.
#pragma once

#include <vector>

#include "store/root.h"
#include "sys/lock.h"
#include "text/data.h"

namespace quire::store {

struct KeptWorkspace {
    RepoName repo;
    uint64_t number = 0;
    Instant since = 0;
};

/// `shell` becomes the run's shell.json, which only its owner can read.
Result<void> keep_workspace(const Root& root, const RepoName& repo, uint64_t number, const text::Data& shell);
bool is_kept(const Root& root, const RepoName& repo, uint64_t number);
Result<std::vector<KeptWorkspace>> kept_workspaces(const Root& root);

/// Moves it to the trash. false: somebody is in it. One that is gone already is forgotten.
Result<bool> let_go(const Root& root, const RepoName& repo, uint64_t number);

/// Holds the workspace as long as the lock lives. ErrorKind::not_found: it is not there any more, or never was.
Result<sys::FileLock> hold_workspace(const Root& root, const RepoName& repo, uint64_t number);

} // namespace quire::store
