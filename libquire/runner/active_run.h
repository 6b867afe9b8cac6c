// ActiveRun: one claimed run, from its preparation to its recorded end.
//
// preparing: git fills the workspace and lists what changed; the record still says :queued, so after a crash the run
// returns to the queue. ready: it was prepared ahead and waits to be started. running: the record durably says so, and
// the launcher knows whether quire-ci is alive. ending: what the run started is ended, the record is written, the
// workspace is removed. Everything happens in the loop's turns; nothing here waits.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "runner/ending.h"
#include "runner/launcher.h"
#include "runner/preparation.h"
#include "store/config.h"
#include "store/queue.h"
#include "sys/loop.h"

namespace quire::runner {

struct RunContext {
    const store::Root& root;
    sys::Loop& loop;
    Launcher& launcher;
    Known& known;
    const std::optional<store::GlobalConfig>& config; ///< the present one; none while it can't be read
    /// Called when a run has ended and is about to be recorded: another may start in its place while that is done.
    std::function<void()> place_is_free = [] {};
};

/// Leaves a notice of the run's end, if the config says that mail can be sent; if the config can't be read, deliver
/// decides. Call it before the run's entry is dropped; it may be repeated until then.
Result<void> tell_end(const store::Root& root, const store::RunRecord& record,
                      const std::optional<store::GlobalConfig>& config);

/// Has the run's artifacts signed, if it has any. To be called where tell_end() is, and it may be repeated too.
Result<void> want_signature(const store::Root& root, const store::RunRecord& record);

/// Cleans up the directory of a run that has ended: moves the workspace to the trash, unless it is
/// kept (store/kept_workspace.h), and removes the hand-off, after a
/// crash also the temporaries of dead processes. false: something is left, so the entry must stay for another try.
enum class Remains { ordinary, of_a_crash };
bool remove_remains(const store::Root& root, const store::RepoName& repo, uint64_t number, Remains remains);

class ActiveRun {
public:
    using Done = std::function<void()>;

    /// `done` is called once, from a later turn, when the run has left the queue or needs a retry() to go on.
    ActiveRun(RunContext context, store::QueueItem item, store::RunRecord record, Done done);
    /// A run that was only being prepared starts anew under the next runner; a running quire-ci goes on without us.
    ~ActiveRun();
    ActiveRun(const ActiveRun&) = delete;
    ActiveRun& operator=(const ActiveRun&) = delete;

    /// Begins a run that was just claimed. REQUIRES: its record says :queued.
    enum class Start { when_prepared, when_told };
    void begin(const store::GlobalConfig& config, Start start);
    /// Starts it, with the present settings. REQUIRES: is_ahead().
    void go(const store::GlobalConfig& config);
    /// Whether it was to wait for go() and still does.
    bool is_ahead() const { return m_start == Start::when_told && is_unstarted(); }
    /// Whether it is being prepared, or prepared and not started.
    bool is_unstarted() const { return m_phase == Phase::preparing || m_phase == Phase::ready; }
    /// Whether it counts among those that run at once: from its start to its end, though that is not recorded yet.
    bool takes_place() const { return !is_ahead() && !m_has_ended; }
    /// Returns it to the queue. REQUIRES: is_unstarted().
    void give_back();
    /// Takes over a run whose record says :active. It goes on if its launcher says that it is alive; otherwise it is
    /// ended.
    void adopt(const std::optional<store::GlobalConfig>& config);
    /// Ends it early. A second stop changes nothing.
    void stop(Stop stop);
    /// Whether nothing goes on in it but waiting for approval.
    bool is_idle() const;
    /// Writes a decision about a job that waits into the record, where quire-ci reads it. false: the job doesn't wait,
    /// or has been decided about.
    Result<bool> decide(const store::Approval& approval);
    /// Tries again to write what could not be written.
    void retry();

    const store::RunRecord& record() const { return m_record; }
    bool is_over() const { return m_phase == Phase::over; }

private:
    enum class Phase { preparing, ready, running, ending, unrecorded, over };

    Result<void> prepare();
    int64_t files_to_keep() const;
    bool may_leave_checkout() const;
    void prepared();
    void return_to_queue();
    void try_launch();
    Result<void> launch();
    LaunchOrder order(int log) const;
    void watch();
    void arm_timeout(int64_t left);
    void is_late();
    void conclude(std::optional<int> exit);
    void finish(Ending ending);
    void conclude_record(bool first);
    Result<void> record_end();
    void clean_up();
    Result<void> keep_for_shell() const;
    void report_over();

    RunContext m_context;
    store::QueueItem m_item;
    store::RunRecord m_record;
    Done m_done;
    Phase m_phase = Phase::preparing;
    Start m_start = Start::when_prepared;
    bool m_is_given_back = false;
    bool m_has_ended = false; ///< its quire-ci has, in order
    Instant m_ended_at = 0;
    store::GlobalConfig m_config;
    std::optional<RunPlace> m_place;
    std::unique_ptr<Preparation> m_preparation;
    std::unique_ptr<LaunchedRun> m_launched;
    std::vector<sys::Loop::Id> m_timers;
    std::optional<Stop> m_stop;
    std::optional<Ending> m_ending;
    int64_t m_timeout = 0;
    Remains m_remains = Remains::ordinary;
};

} // namespace quire::runner
