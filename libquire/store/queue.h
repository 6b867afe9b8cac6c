// The queue: entries of queued runs, claimed by renaming, and what may then be done to their records.
//
// An entry in new/ whose record says :queued waits. Claiming it moves it to active/; only one claimant can win, and
// from then on only the claimant writes the record. An entry goes away after its record has ended.
#pragma once

#include <vector>

#include "store/run_record.h"

namespace quire::store {

struct QueueItem {
    std::string entry; ///< the file's name
    RepoName repo;
    uint64_t number = 0;
};

/// What waits in new/ or is claimed in active/, oldest first. Names that are no entries are left out.
Result<std::vector<QueueItem>> list_queue(const Root& root, const char* queue);

/// false: somebody else took it, or it is gone.
Result<bool> claim(const Root& root, const QueueItem& item);
/// Back into new/: it was claimed and never started.
Result<void> give_back(const Root& root, const QueueItem& item);
/// The entry goes away, wherever it is, and the request to cancel the run with it.
Result<void> drop_entry(const Root& root, const QueueItem& item);

/// A living runner looks at everything at once instead of in some seconds.
Result<void> wake_runner(const Root& root);

/// Replaces the record, durably. REQUIRES: its run is claimed by us. A record that has ended is left as it is.
Result<void> write_run_record(const Root& root, const RunRecord& record);

} // namespace quire::store
