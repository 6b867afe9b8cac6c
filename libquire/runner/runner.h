// Runner: the loop of quire-runner. One per data root; it holds the root's runner lock while it lives.
//
// It runs runs (runs.h) and it runs tasks (tasks.h); what else is in a scan only notices that there is work: a push
// that was cut off, a run without its queue entry, a default branch that moved, a trash to be emptied.
//
// inotify is a hint: it watches first, then scans, and scans again on every wake and every few seconds, so that
// nothing depends on a hint having arrived. A scan reads what is on disk and never remembers what another program
// could have changed. User code never runs in this process.
#pragma once

#include <memory>
#include <optional>

#include "runner/complaints.h"
#include "runner/lost_runs.h"
#include "runner/runs.h"
#include "runner/sources.h"
#include "runner/tasks.h"
#include "store/root.h"
#include "sys/inotify.h"
#include "sys/lock.h"
#include "sys/loop.h"
#include "sys/stamp.h"

namespace quire::runner {

/// Between scans that nothing asked for: what a missed hint costs at most.
constexpr int64_t scan_every = 5 * nanoseconds_per_second;

class Runner {
public:
    /// `programs` is the directory with quire's own programs. busy: another runner holds the root.
    static Result<std::unique_ptr<Runner>> create(store::Root root, std::string programs);

    /// Returns after TERM or INT; what runs goes on without it.
    Result<void> run();
    /// Works until nothing is queued, active or due.
    Result<void> run_once();

private:
    Runner(store::Root root, std::string programs, sys::FileLock lock, sys::Watcher watcher);

    Result<void> work(const std::function<bool()>& over);
    void scan();
    Result<void> take_up_config();
    void runs_have_ended(size_t count);
    Result<void> notice_mail();
    Result<void> notice_backup();
    Result<void> notice_mirrors();
    Result<void> notice_housekeeping();
    Result<void> want_task(store::Task task);
    /// Whether what can wait is to be done now: nothing runs, or it has waited for long. Asked once in a scan.
    bool is_quiet();

    store::Root m_root;
    sys::FileLock m_lock;
    sys::Watcher m_watcher;
    sys::Loop m_loop;
    std::optional<store::GlobalConfig> m_config; ///< none: it can't be read, and nothing is started
    sys::Stamp m_config_stamp;                   ///< of the config that was read
    Complaints m_complaints;
    Runs m_runs;
    Tasks m_tasks;
    Sources m_sources;
    LostRuns m_lost_runs;
    int64_t m_turn = scan_every;                                                  ///< how long a turn may wait
    int64_t m_trash_due = 0, m_search_due = 0, m_prune_due = 0, m_busy_since = 0; ///< by the monotonic clock
    bool m_prune_wanted = true;
    bool m_backup_wanted = false; ///< a run has ended
    int64_t m_backup_due = 0;
    int64_t m_mirrors_due = 0;
    bool m_woken = true; ///< a scan is due
};

} // namespace quire::runner
