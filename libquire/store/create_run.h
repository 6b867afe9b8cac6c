// create_runs: the only maker of runs, whoever asks (hook, cron, manual, rerun).
//
// Each run directory is built under a temporary name with its meta.fnl in it and appears by one rename that
// refuses to replace; its queue entry appears after it, also by rename. All runs of one call cost one round of
// syncs. When it returns, the runs are durable and queued. When it fails or the process dies, the runs that
// exist are whole; a run without its queue entry is found by the runner's scan (runner/lost_runs.h), which queues it.
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
    std::string ref;
    std::string sha;
    std::string previous_sha;
    std::string pusher;
    std::string push_id;
    bool forced = false;
};

/// Numbers are dense and in the order given.
Result<std::vector<RunRecord>> create_runs(const Root& root, const RepoName& repo, const std::vector<NewRun>& runs);

/// The queue entry of a :queued run, made if it is missing: for a creator that died between the two. false: it was
/// there.
Result<bool> ensure_queued(const Root& root, const RunRecord& record);

/// newest_runs() of run_directory.h, by name; empty when the repository never had a run.
Result<std::vector<uint64_t>> newest_runs(const Root& root, const RepoName& repo, size_t limit, uint64_t before = 0);

} // namespace quire::store
