// LostRuns queues runs whose creator died before it made the queue entry, if no push's intent completes them (reruns
// and manual runs).
//
// Such a run is among a repository's newest. A scan goes from the newest down to a run that it looked at before or, the
// first time, to where enough runs in a row have ended. That costs reading one small file per repository.
#pragma once

#include <map>

#include "base/result.h"
#include "store/root.h"

namespace quire::runner {

class LostRuns {
public:
    /// The root must outlive it.
    explicit LostRuns(const store::Root& root) : m_root(root) {}

    /// Does nothing if the last scan was a short time ago. Skips repositories that are being moved.
    Result<void> scan();

private:
    Result<void> look(const store::RepoName& name);

    const store::Root& m_root;
    std::map<store::RepoName, uint64_t> m_seen; ///< no run up to this number is lost
    int64_t m_due = 0;                          ///< by the monotonic clock
};

} // namespace quire::runner
