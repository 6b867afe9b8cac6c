// Runner: the loop of quire-runner. There is one per data root; it holds the root's runner lock while it lives.
//
// It does two things: it runs runs (runs.h) and it runs tasks (tasks.h). The rest of a scan only notices that there is
// work: a push that was cut off, a run without its queue entry, a default branch that moved, a trash to be emptied.
//
// inotify is only a hint. The runner watches first and then scans. It scans again whenever it wakes, and every few
// seconds, so nothing depends on a hint. A scan reads what is on disk and remembers nothing that another program could
// have changed. User code never runs in this process.
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

/// The time between scans that no hint asked for. A missed hint costs at most this.
constexpr int64_t scan_every = 5 * nanoseconds_per_second;

class Runner {
public:
    /// `programs` is the directory with quire's own programs. ErrorKind::busy: another runner holds the root.
    static Result<std::unique_ptr<Runner>> create(store::Root root, std::string programs);

    /// Returns after TERM or INT. Runs that have started go on without it.
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
    Result<void> drop_checkouts();
    Result<void> want_task(store::Task task);
    /// Whether work that can wait should start now: nothing runs, or it has waited for long. Ask once in a scan.
    bool is_quiet();
    void scan_tasks(bool quiet);

    store::Root m_root;
    sys::FileLock m_lock;
    sys::Watcher m_watcher;
    sys::Loop m_loop;
    std::optional<store::GlobalConfig> m_config; ///< empty: it can't be read, and nothing is started
    sys::Stamp m_config_stamp;                   ///< of the config that was read
    Complaints m_complaints;
    Runs m_runs;
    Tasks m_tasks;
    Sources m_sources;
    LostRuns m_lost_runs;
    int64_t m_turn = scan_every; ///< how long the loop may wait in one turn
    int64_t m_checkouts_due = 0; ///< by the monotonic clock
    int64_t m_trash_due = 0, m_search_due = 0, m_prune_due = 0, m_busy_since = 0; ///< by the monotonic clock
    bool m_prune_wanted = true;
    bool m_backup_wanted = false; ///< a run has ended
    int64_t m_backup_due = 0;
    int64_t m_mirrors_due = 0;
    int64_t m_tasks_held_since = 0; ///< 0: they are not held
    sys::Loop::Id m_tasks_timer = 0;
    bool m_woken = true; ///< a scan is due
};

} // namespace quire::runner
