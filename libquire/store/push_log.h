// The push log of a repository, quire/pushes.jsonl: one JSON object a line for each ref of each push.
//
//   {"at":"…Z","push":"…","pusher":"alice","ref":"refs/heads/main","old":"…","new":"…","forced":false,"n":17,"prev":"…"}
//
// It is only appended to. "old" and "new" are all zeros for a created or deleted ref. "n" and "prev" chain the records
// (push_chain.h); a log that began without them goes on with them. For a signed push, "certificate" is the digest, and
// so the name, of its certificate in quire/certificates, "signature" git's verdict, and "signer" who signed it.
//
// Readers skip a last line that a crash tore; the next writer ends it, or removes it if nothing of it was written.
// quire/pushes.head says where the log ended. It is written after the log is on the disk, so after a crash it may be
// behind, but never ahead.
#pragma once

#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/push_chain.h"
#include "sys/lock.h"

namespace quire::store {

/// How a signed push was signed.
struct PushSignature {
    std::string certificate; ///< "": the push is not signed
    std::string verdict;     ///< "good" and "unknown-signer": the signature fits; see push/certificate.h for the rest
    std::string signer;      ///< set if the signature is good
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

/// Lines that are in the log, and in its lock until they are finished.
class PushLogAppend {
public:
    static Result<PushLogAppend> write(int repository, const std::vector<PushLogEntry>& entries);
    /// For a caller that then syncs what comes after the log (sys/sync_order.h): finish() need not sync it.
    Result<void> write_out();
    /// All of the log is durable when it returns.
    Result<void> finish();

private:
    PushLogAppend(int repository, sys::FileLock lock, ChainHead head)
        : m_repository(repository), m_lock(std::move(lock)), m_head(std::move(head))
    {}

    int m_repository;
    sys::FileLock m_lock;
    ChainHead m_head;
    bool m_needs_sync = true;
};

/// Durable when it returns. All entries are written with one append, so no other writer's entries come between them.
Result<void> append_push_log(int repository, const std::vector<PushLogEntry>& entries);

/// Parses a line without its newline; nullopt if it is torn or not an entry.
std::optional<PushLogEntry> parse_push_log_line(std::string_view line);

/// Where the log ended when it was last written; nullopt if that was not noted or can't be read.
Result<std::optional<ChainHead>> read_noted_head(int repository);
/// Notes where the log ends now, if something other than append_push_log wrote it. Durable when it returns.
Result<void> note_head(int repository);

/// The newest entries, newest first. Reads from the end, in pieces, and no more than it needs.
Result<std::vector<PushLogEntry>> read_push_log(int repository, size_t limit);

} // namespace quire::store
