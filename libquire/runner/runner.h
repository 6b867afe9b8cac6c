// Runner: the loop of quire-runner. One per data root; it holds the root's runner lock while it lives.
//
// inotify is a hint: it watches first, then scans, and scans again on every wake and every few seconds, so that
// nothing depends on a hint having arrived. A scan reads what is on disk and never remembers what another program
// could have changed. User code never runs in this process.
#pragma once

#include <map>
#include <optional>

#include "store/root.h"
#include "sys/inotify.h"
#include "sys/lock.h"
#include "sys/loop.h"
#include "sys/process.h"

namespace quire::runner {

class Runner {
public:
    /// `programs` is the directory with quire's own programs. busy: another runner holds the root.
    static Result<Runner> create(store::Root root, std::string programs);

    /// Returns after TERM or INT; what runs goes on without it.
    Result<void> run();
    /// One scan, and the end of what it started.
    Result<void> run_once();

private:
    Runner(store::Root root, std::string programs, sys::FileLock lock, sys::Watcher watcher)
        : m_root(std::move(root)), m_programs(std::move(programs)), m_lock(std::move(lock)), m_watcher(std::move(watcher))
    {
    }

    void scan();
    /// Starts the housekeeping that pushes have asked for, and now and then the trash's: one at a time and at the
    /// lowest priority.
    Result<void> start_upkeep();
    Result<void> spawn_upkeep(const std::vector<std::string>& operands);

    store::Root m_root;
    std::string m_programs;
    sys::FileLock m_lock;
    sys::Watcher m_watcher;
    std::optional<sys::Process> m_upkeep;
    int64_t m_trash_due = 0; ///< by the monotonic clock
};

} // namespace quire::runner
