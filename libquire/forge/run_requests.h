// Requests of the operator about a run: to cancel it or to repeat it. The runner carries them out.
#pragma once

#include "base/result.h"
#include "store/run_record.h"

namespace quire::forge {

/// Whether a runner holds the lock of this root.
Result<bool> runner_lives(const store::Root& root);

/// Leaves a request for the runner. ErrorKind::refused: the run has ended. `who` is shown with the canceled run.
Result<void> request_cancel(const store::Root& root, const store::RunRecord& record, std::string_view who);

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
