// Requests of the operator about a run: to cancel it, to let a job of it run, or to repeat it. The runner carries them
// out.
#pragma once

#include "base/result.h"
#include "store/approval.h"

namespace quire::forge {

/// Whether a runner holds the lock of this root.
Result<bool> runner_lives(const store::Root& root);

/// Leaves a request for the runner. ErrorKind::refused: the run has ended. `who` is shown with the canceled run.
Result<void> request_cancel(const store::Root& root, const store::RunRecord& record, std::string_view who);

/// Leaves what was decided about a job that waits for approval; without one, `job` is filled in if only one waits.
/// ErrorKind::refused: the run has ended, or the job does not wait.
Result<void> request_approval(const store::Root& root, const store::RunRecord& record, store::Approval& approval);

/// ErrorKind::refused: the run's commit is no longer in its repository.
Result<void> check_commit(const store::Root& root, const store::RunRecord& record);

/// ErrorKind::not_found: the run's events know no such job. A run whose graph was not recorded may have any.
Result<void> check_job(const store::Root& root, const store::RunRecord& record, const std::string& job);

/// What a rerun runs again; the outputs and artifacts of all other jobs that succeeded are taken over.
struct Rerun {
    bool failed = false;  ///< only what had not succeeded
    std::string only_job; ///< only this job
    std::string from_job; ///< only this job and those behind it
    bool debug = false;   ///< tells each command with its environment's names
};
/// Queues a run with the same facts. ErrorKind::refused: the run has not ended, or its commit is gone; not_found: it
/// has no such job.
Result<store::RunRecord> rerun(const store::Root& root, const store::RunRecord& record, const Rerun& what);

} // namespace quire::forge
