// Retention: which runs go, and whose artifacts.
//
// Kept are the last `runs` of a repository, those younger than `days`, the last green one of every branch that exists,
// and whatever is alive or named by the queue, also as the run that a waiting one repeats. When a repository's
// artifacts are over their limit, those of the oldest runs go; the record stays. What goes is renamed into the run
// trash first, so a reader sees a whole run or none; readers hold a directory descriptor. One pruner works on a
// repository at a time.
//
// A pass looks at new runs and at old ones, never at all those in between: runs/<repository>/retention.json remembers
// how far earlier passes have come. Without it the next one looks at everything once.
#pragma once

#include <vector>

#include "base/result.h"
#include "store/run_record.h"

namespace quire::forge {

struct RetentionPolicy {
    uint64_t runs = 10;
    int64_t age = 0;             ///< nanoseconds
    uint64_t artifact_bytes = 0; ///< of all of a repository's runs
};
Result<RetentionPolicy> retention_policy(const store::Root& root);

struct Pruned {
    enum class What { run, artifacts };
    What what;
    store::RunRecord record;
    uint64_t artifact_bytes = 0; ///< that went with it
};

enum class PruneMode { act, dry_run };
/// Oldest first. busy: another pruner is at it.
Result<std::vector<Pruned>> prune_repository(const store::Root& root, const store::RepoName& repo,
                                             const RetentionPolicy& policy, PruneMode mode, Instant at);

/// Deletes what was renamed into the run trash, also by pruners that died.
Result<void> empty_run_trash(const store::Root& root);

} // namespace quire::forge
