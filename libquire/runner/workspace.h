// The workspace of a run: a checkout of its own that borrows the repository's objects.
//
// Its .git is written here, without starting git: HEAD at the commit, the branches as origin's, the tags, and the
// repository's objects as an alternate. Nothing that a job does in it reaches the repository. The files come from one
// `git read-tree`, which the caller starts and waits for.
#pragma once

#include "store/run_record.h"
#include "sys/process.h"

namespace quire::runner {

/// Makes the workspace's directory and .git in the open run directory. What an earlier attempt left is replaced.
Result<void> prepare_workspace(const store::Root& root, int run, int repository, const store::RunRecord& record);

/// The command that fills it. `error` takes what git has to say.
Result<sys::Command> checkout_command(const std::string& workspace, const std::string& sha, int error);

/// Copies the .quire of a checked-out workspace beside it, for the page and for reruns: regular files only, within
/// bounds.
Result<void> keep_pipeline(int run);

} // namespace quire::runner
