// create_runs makes all runs, whatever they come from (hook, cron, manual, rerun).
//
// Each run directory is built under a temporary name, with its meta.fnl, and renamed into place without replacing
// anything; its queue entry is renamed into place after that. All runs of one call share one round of syncs. When the
// call returns, they are durable and queued. If it fails or the process dies, every run that exists is complete, and
// the runner's scan (runner/lost_runs.h) queues a run that lacks its queue entry.
#pragma once

#include <vector>

#include "store/run_record.h"

namespace quire::store {

struct NewRun {
    std::string source;
    std::string event = {};
    text::Data parameters = {};
    uint64_t reran = 0;
    bool only_failed = false;
    std::string only_job = {};
    std::string from_job = {};
    bool debug = false;
    std::string ref;
    std::string sha;
    std::string previous_sha;
    std::string pusher;
    std::string push_id;
    bool forced = false;
};

/// The runs get consecutive numbers in the given order.
Result<std::vector<RunRecord>> create_runs(const Root& root, const RepoName& repo, const std::vector<NewRun>& runs);

/// Makes the queue entry of a :queued run if it is missing, because its creator died before making it. Returns false if
/// the entry exists.
Result<bool> ensure_queued(const Root& root, const RunRecord& record);

/// Calls newest_runs() of run_directory.h for a repository's name; empty if it never had a run.
Result<std::vector<uint64_t>> newest_runs(const Root& root, const RepoName& repo, size_t limit, uint64_t before = 0);

} // namespace quire::store
