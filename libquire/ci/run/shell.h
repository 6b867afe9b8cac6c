// A shell for a person in a job's place: the run's workspace, the sandbox or container and the environment that the
// job's commands had. A container is made anew from the job's image.
#pragma once

#include "ci/run/run.h"

namespace quire::ci {

/// Uses checkout, executor, job and dispatch of the options. With secrets in the dispatch, each is the variable
/// QUIRE_SECRET_<name>. Returns the shell's exit code.
Result<int> run_shell(const RunOptions& options);

} // namespace quire::ci
