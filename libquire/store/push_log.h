// The push log of a repository, quire/pushes.jsonl: one JSON object a line for every ref of every push.
//
//   {"at":"…Z","push":"…","pusher":"alice","ref":"refs/heads/main","old":"…","new":"…","forced":false,"n":17,"prev":"…"}
//
// Append only; "old" and "new" are all zeros for a created or deleted ref. "n" and "prev" chain the records
// (push_chain.h); a log that began without them goes on with them. Of a signed push, "certificate" is the digest, and
// the name, of its certificate in quire/certificates, "signature" what git found, and "signer" whose key it was.
//
// A torn last line (a crash) is skipped by readers and ended by the next writer. Where the log ended last is noted in
// quire/pushes.head, after the log is on the disk; after a crash the note may be behind, never ahead.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/push_chain.h"

namespace quire::store {

/// How a signed push was signed.
struct PushSignature {
    std::string certificate; ///< "": the push is not signed
    std::string verdict;     ///< "good" and "unknown-signer": the signature fits; see push/certificate.h for the rest
    std::string signer;      ///< of a good one
};

struct PushLogEntry {
    Instant at = 0;
    std::string push_id;
    std::string pusher;
    std::string ref;
    std::string old_id;
    std::string new_id;
    bool forced = false;
    PushSignature signature = {};
};

/// Durable when it returns. All entries are written with one append, and no other writer's come between them.
Result<void> append_push_log(int repository, const std::vector<PushLogEntry>& entries);

/// The entry in a line, without its newline; nullopt for a torn or foreign one.
std::optional<PushLogEntry> parse_push_log_line(std::string_view line);

/// Where the log ended when it was last written to; nullopt where that was never noted, or the note can't be read.
Result<std::optional<ChainHead>> read_noted_head(int repository);
/// Notes where the log ends now: for one that was not written by append_push_log. Durable when it returns.
Result<void> note_head(int repository);

/// The newest entries, newest first; reads from the end, in pieces, no more than it needs.
Result<std::vector<PushLogEntry>> read_push_log(int repository, size_t limit);

} // namespace quire::store
