// The queue: entries of queued runs, which are claimed by renaming.
//
// An entry in new/ whose record says :queued is waiting. Claiming it moves it to active/. Only one claimant can win,
// and from then on only that one writes the record. The entry is removed after the run's end is in the record.
#pragma once

#include <vector>

#include "store/run_record.h"

namespace quire::store {

struct QueueItem {
    std::string entry; ///< the file's name
    RepoName repo;
    uint64_t number = 0;
};

/// The entries in new/ or active/, oldest first. Other names are ignored.
Result<std::vector<QueueItem>> list_queue(const Root& root, const char* queue);

/// Returns false if somebody else claimed it, or if it is gone.
Result<bool> claim(const Root& root, const QueueItem& item);
/// Moves a claimed entry whose run never started back into new/.
Result<void> give_back(const Root& root, const QueueItem& item);
/// Removes the entry, wherever it is, and any request to cancel its run.
Result<void> drop_entry(const Root& root, const QueueItem& item);

/// Whether what is given to this file and what is given to the queue afterwards come to the disk in that order, so that
/// a sync of the queue, as create_runs ends with, brings the file along (sys/sync_order.h).
bool comes_before_the_queue(const Root& root, int fd);

/// Makes a running runner scan now instead of in a few seconds.
Result<void> wake_runner(const Root& root);

/// Replaces the record, durably. REQUIRES: we have claimed its run. A record that has ended is left unchanged.
Result<void> write_run_record(const Root& root, const RunRecord& record);

} // namespace quire::store
