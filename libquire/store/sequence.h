// Sequence: the next run number of a repository, in runs/<repo>/next.
//
// The number only grows, even when runs are pruned. The file holds one decimal line and is written in place under its
// own flock. If it is torn or missing, the number is worked out from the runs that exist.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "store/root.h"
#include "sys/lock.h"

namespace quire::store {

class Sequence {
public:
    /// Waits for the lock. REQUIRES: the directory for the runs of `repo` exists.
    static Result<Sequence> lock(const Root& root, const RepoName& repo);
    uint64_t take() { return m_next++; }
    /// Writes the number back. It is not synced: after a failure of the machine it is too low, and made up for by the
    /// runs that are there.
    Result<void> save();
    Result<void> sync();

private:
    Sequence(sys::FileLock lock, uint64_t next) : m_lock(std::move(lock)), m_next(next) {}
    sys::FileLock m_lock;
    uint64_t m_next;
};

/// Has the number on the disk. To be called before a run is removed, or its number could be given out again.
Result<void> sync_sequence(const Root& root, const RepoName& repo);

/// The lowest number that the next run can get. Does not wait for the lock.
Result<uint64_t> peek_sequence(const Root& root, const RepoName& repo);

} // namespace quire::store
