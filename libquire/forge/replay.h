// Replays a run: a person runs its jobs again on a clone, without the forge's secrets and without a record.
#pragma once

#include "forge/installation.h"
#include "store/run_record.h"
#include "sys/process.h"

namespace quire::forge {

/// A run of a cron or manual source is replayed by firing that source, with the same parameters.
struct Replay {
    store::RunRecord record;
    std::string job; ///< "": all jobs
    std::string clone_url;
};

/// Fails if the run has no such job according to its events, or if its commit is gone.
Result<Replay> plan_replay(const store::Root& root, const store::RunRecord& record, const std::string& job);
/// The commands to type, one a line.
std::string commands_of(const Replay& replay);
/// Runs a program with the caller's streams. It handles TERM and INT itself, and we wait for it; returns its exit code.
Result<int> run_here(std::vector<std::string> argv, sys::Environment environment);
/// Runs it in a temporary checkout, which is removed afterwards. Returns quire-ci's exit code.
Result<int> run_replay(const store::Root& root, const Replay& replay, const Installation& installation);

} // namespace quire::forge
