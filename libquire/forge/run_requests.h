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

enum class Rerun { all, failed };
/// Queues a run with the same facts. ErrorKind::refused: the run has not ended, or its commit is gone.
Result<store::RunRecord> rerun(const store::Root& root, const store::RunRecord& record, Rerun what);

} // namespace quire::forge
