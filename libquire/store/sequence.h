// Sequence: the next run number of a repository, in runs/<repo>/next.
//
// It only ever grows, also when runs are pruned. The file holds one decimal line and is written in place under
// its own flock: a torn or missing one is mended by looking at the runs that exist.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "store/root.h"
#include "sys/lock.h"

namespace quire::store {

class Sequence {
public:
    /// Waits for the lock. REQUIRES: the runs directory of `repo` exists.
    static Result<Sequence> lock(const Root& root, const RepoName& repo);
    uint64_t take() { return m_next++; }
    /// Writes back; durable with the next sync of the file, which callers get by `save`.
    Result<void> save();

private:
    Sequence(sys::FileLock lock, uint64_t next) : m_lock(std::move(lock)), m_next(next) {}
    sys::FileLock m_lock;
    uint64_t m_next;
};

/// The number the next run will have at least; without waiting.
Result<uint64_t> peek_sequence(const Root& root, const RepoName& repo);

} // namespace quire::store
