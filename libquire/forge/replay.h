// Replaying a run: its job again, on a clone, by a person; without the forge's secrets and without a record.
#pragma once

#include "forge/installation.h"
#include "store/run_record.h"

namespace quire::forge {

/// A run of a cron or manual source is fired by that, with the parameters it had.
struct Replay {
    store::RunRecord record;
    std::string job; ///< "": all of them
    std::string clone_url;
};

/// Fails where the run has no such job, as far as its events say, or its commit is gone.
Result<Replay> plan_replay(const store::Root& root, const store::RunRecord& record, const std::string& job);
/// What to type, a command to a line.
std::string commands_of(const Replay& replay);
/// Does it in a temporary checkout, which goes away again; the answer is quire-ci's exit code.
Result<int> run_replay(const store::Root& root, const Replay& replay, const Installation& installation);

} // namespace quire::forge
