// The push log of a repository, quire/pushes.jsonl: one JSON object a line for every ref of every push.
//
//   {"at":"…Z","push":"…","pusher":"alice","ref":"refs/heads/main","old":"…","new":"…","forced":false}
//
// Append only; "old" and "new" are all zeros for a created or deleted ref. A torn last line (a crash) is skipped
// by readers and ended by the next writer.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace quire::store {

struct PushLogEntry {
    Instant at = 0;
    std::string push_id;
    std::string pusher;
    std::string ref;
    std::string old_id;
    std::string new_id;
    bool forced = false;
};

/// Durable when it returns. All entries are written with one append.
Result<void> append_push_log(int repository, const std::vector<PushLogEntry>& entries);

/// The newest entries, newest first; reads from the end, in pieces, no more than it needs.
Result<std::vector<PushLogEntry>> read_push_log(int repository, size_t limit);

} // namespace quire::store
