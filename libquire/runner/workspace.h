// The workspace of a run: a checkout of its own that borrows the repository's objects.
//
// Its .git is written here without starting git: HEAD is the commit, the branches are origin's, the tags are there, and
// the repository's objects are an alternate. Nothing that a job does in it reaches the repository. The files come from
// quick_checkout() or from `quire fill-workspace`, which the caller starts and waits for.
#pragma once

#include "runner/known_refs.h"
#include "store/run_record.h"
#include "sys/process.h"

namespace quire::runner {

/// Makes the workspace and its .git in the open run directory. Replaces what an earlier attempt left there.
Result<void> prepare_workspace(const store::Root& root, int run, int repository, KnownRefs& refs,
                               const store::RunRecord& record);

/// The command that fills the workspace. Its messages go to `error`. A checkout of `keep_from` files is noted for the
/// next run.
Result<sys::Command> checkout_command(const store::Root& root, const store::RunRecord& record, int64_t keep_from,
                                      int error);

/// Copies the checked-out .quire to a place beside the workspace, for the run's page and for reruns. Only regular
/// files, within limits.
Result<void> keep_pipeline(int run);

} // namespace quire::runner
