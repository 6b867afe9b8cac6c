// LostRuns: finds queued runs without a queue entry and queues them: their maker died between the two, and no push's
// intent tells of it (a rerun, a manual source).
//
// A maker dies at the newest run of a repository, so it looks from there down and stops at what it has looked at
// before, or, at first, where enough runs in a row have ended. To look costs reading one small file for a repository.
#pragma once

#include <map>

#include "base/result.h"
#include "store/root.h"

namespace quire::runner {

class LostRuns {
public:
    /// The root outlives it.
    explicit LostRuns(const store::Root& root) : m_root(root) {}

    /// Does nothing if it has looked a short time ago. Repositories that are being moved are left for later.
    Result<void> scan();

private:
    Result<void> look(const store::RepoName& name);

    const store::Root& m_root;
    std::map<store::RepoName, uint64_t> m_seen; ///< no run up to this number is lost
    int64_t m_due = 0;                          ///< by the monotonic clock
};

} // namespace quire::runner
