// What the operator asks of a run: that it be canceled, or repeated. The runner does both.
#pragma once

#include "base/result.h"
#include "store/run_record.h"

namespace quire::forge {

/// Whether somebody holds the root's runner lock.
Result<bool> runner_lives(const store::Root& root);

/// Leaves the wish for the runner. refused: the run has ended. `who` is told to those who look at it.
Result<void> request_cancel(const store::Root& root, const store::RunRecord& record, std::string_view who);

/// refused: the run's commit is not in its repository any more.
Result<void> check_commit(const store::Root& root, const store::RunRecord& record);

enum class Rerun { all, failed };
/// Queues a run with the same facts. refused: it has not ended, or its commit is gone.
Result<store::RunRecord> rerun(const store::Root& root, const store::RunRecord& record, Rerun what);

} // namespace quire::forge
