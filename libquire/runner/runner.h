// Runner: the loop of quire-runner. One per data root; it holds the root's runner lock while it lives.
//
// inotify is a hint: it watches first, then scans, and scans again on every wake and every few seconds, so that
// nothing depends on a hint having arrived. A scan reads what is on disk and never remembers what another program
// could have changed. User code never runs in this process.
#pragma once

#include <memory>
#include <optional>

#include "runner/complaints.h"
#include "runner/runs.h"
#include "runner/sources.h"
#include "store/root.h"
#include "sys/inotify.h"
#include "sys/lock.h"
#include "sys/loop.h"
#include "sys/process.h"

namespace quire::runner {

/// Between scans that nothing asked for: what a missed hint costs at most.
constexpr int64_t scan_every = 5 * nanoseconds_per_second;

class Runner {
public:
    /// `programs` is the directory with quire's own programs. busy: another runner holds the root.
    static Result<std::unique_ptr<Runner>> create(store::Root root, std::string programs);

    /// Returns after TERM or INT; what runs goes on without it.
    Result<void> run();
    /// Works until nothing is queued, active or left to do.
    Result<void> run_once();

private:
    Runner(store::Root root, std::string programs, sys::FileLock lock, sys::Watcher watcher)
        : m_root(std::move(root)), m_programs(std::move(programs)), m_lock(std::move(lock)),
          m_watcher(std::move(watcher)),
          m_sources(m_root, [this](const store::RepoName& name) { return refresh_sources(name); }),
          m_runs(m_root, m_loop, make_launcher(m_loop, m_programs), m_config, m_complaints,
                 [this](size_t count) { runs_have_ended(count); })
    {}

    Result<void> work(const std::function<bool()>& over);
    void scan();
    Result<void> take_up_config();
    void runs_have_ended(size_t count);
    /// Whether what can wait is to be done now: nothing runs, or it has waited for long. Asked once in a scan.
    bool is_quiet();

    // Housekeeping, in background processes of the lowest priority, one at a time.
    Result<void> keep_house();
    Result<void> start_upkeep();
    Result<void> spawn_background(std::vector<std::string> arguments);
    Result<sys::Process> refresh_sources(const store::RepoName& name) const;

    store::Root m_root;
    std::string m_programs;
    sys::FileLock m_lock;
    sys::Watcher m_watcher;
    Sources m_sources;
    sys::Loop m_loop;
    std::optional<store::GlobalConfig> m_config; ///< none: it can't be read, and nothing is started
    Instant m_config_changed = -1;
    Complaints m_complaints;
    Runs m_runs;
    std::optional<sys::Process> m_background;
    int64_t m_turn = scan_every;                                ///< how long a turn may wait
    int64_t m_trash_due = 0, m_prune_due = 0, m_busy_since = 0; ///< by the monotonic clock
    bool m_prune_wanted = false;
    bool m_woken = true; ///< a scan is due
};

} // namespace quire::runner
