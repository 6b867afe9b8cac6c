// Retention: decides which runs are removed, and whose artifacts.
//
// These are kept: the last `runs` runs of a repository, those younger than `days`, the last green one of every existing
// branch, and runs that are active, in the queue, or to be repeated by a queued one. When a repository's artifacts
// exceed their limit, those of the oldest runs are removed, but the records stay. A removed run is first renamed into
// the run trash, so a reader sees all of it or nothing; readers that have the directory open can still read. Only one
// pruner works on a repository at a time.
//
// A pass looks only at new runs and at old ones, not at those in between: runs/<repository>/retention.json remembers
// how far earlier passes came. If the file is missing, the next pass looks at everything once.
#pragma once

#include <vector>

#include "base/result.h"
#include "store/run_record.h"

namespace quire::forge {

struct RetentionPolicy {
    uint64_t runs = 10;
    int64_t age = 0;             ///< nanoseconds
    uint64_t artifact_bytes = 0; ///< of all runs of a repository
};
Result<RetentionPolicy> retention_policy(const store::Root& root);

struct Pruned {
    enum class What { run, artifacts };
    What what;
    store::RunRecord record;
    uint64_t artifact_bytes = 0; ///< bytes that were removed with it
};

enum class PruneMode { act, dry_run };
/// The removed runs, oldest first. ErrorKind::busy: another pruner is at work.
Result<std::vector<Pruned>> prune_repository(const store::Root& root, const store::RepoName& repo,
                                             const RetentionPolicy& policy, PruneMode mode, Instant at);

/// Deletes what is in the run trash, including what pruners that died left there.
Result<void> empty_run_trash(const store::Root& root);

} // namespace quire::forge
