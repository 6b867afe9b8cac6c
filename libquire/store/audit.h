// The audit log: who asked for what over ssh, and what came of it. audit/log.jsonl, one JSON object a line:
//
//   {"at":"…Z","key":"ada","address":"192.0.2.1","command":"git-receive-pack
//   'foo'","verdict":"served","reason":"","exit":null}
//
// quire-exec appends a line for each command, in a directory for the owner's eyes only. Bytes that a terminal would
// obey are written as \xNN. It waits for no disk, and a log that can't be written keeps nobody out. A full file is
// renamed to the time at which it ended; retention removes the oldest. A line that a crash cut short is passed over.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/root.h"

namespace quire::store {

struct AuditEntry {
    Instant at = 0;
    std::string key;     ///< its name; "": unknown
    std::string address; ///< the client's; "": unknown
    std::string command; ///< the line as it came
    std::string verdict; ///< "served"; "refused": by a rule; "missing": no such repository; "failed": by the machine
    std::string reason;
    std::optional<int> exit; ///< of quire-exec itself; nullopt: it became a program, whose exit code only sshd knows
};

constexpr size_t max_audited_bytes = 500; ///< of a command

/// Also sees to it that old files go, by a task, when it has filled one.
Result<void> append_audit(const Root& root, const AuditEntry& entry);

struct AuditQuery {
    size_t limit = 20;
    std::string key; ///< "": any
    bool only_refused = false;
};
/// Newest first.
Result<std::vector<AuditEntry>> read_audit(const Root& root, const AuditQuery& query);

/// Removes the files whose newest line is older, and the oldest ones while all together are larger.
Result<void> prune_audit(const Root& root, int64_t days, uint64_t bytes);

} // namespace quire::store
