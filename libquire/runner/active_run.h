// ActiveRun: one claimed run, from its preparation to its recorded end.
//
// preparing: git fills the workspace and tells what changed; the record still says :queued, so a crash sends the run
// back to the queue. ready: it is prepared ahead and waits until it is told to go. running: the record durably says so,
// and the launcher knows whether quire-ci lives. ending: what it started is ended, the record is written, the workspace
// goes. Everything happens in the loop's turns; nothing here waits.
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
    KnownChanges& known;
    const std::optional<store::GlobalConfig>& config; ///< as it is now; none while it can't be read
};

/// Tells of a run's end whoever may want to know, if the config says that mail can be sent; none: it can't be read, and
/// deliver decides. Safe to repeat until the run's entry is dropped, and to be done before that.
Result<void> tell_end(const store::Root& root, const store::RunRecord& record,
                      const std::optional<store::GlobalConfig>& config);

/// What an ended run leaves in its directory: the workspace goes to the trash, the hand-off away. After a crash also
/// the temporaries of those that died. false: something stays, and its entry has to stay for another try.
enum class Remains { ordinary, of_a_crash };
bool remove_remains(const store::Root& root, const store::RepoName& repo, uint64_t number, Remains remains);

class ActiveRun {
public:
    using Done = std::function<void()>;

    /// `done` is called once, from a later turn, when the run has left the queue or can't make progress until `retry`.
    ActiveRun(RunContext context, store::QueueItem item, store::RunRecord record, Done done);
    /// What was only being prepared begins anew under the next runner; quire-ci goes on without us.
    ~ActiveRun();
    ActiveRun(const ActiveRun&) = delete;
    ActiveRun& operator=(const ActiveRun&) = delete;

    /// A run that was claimed just now. REQUIRES: its record says :queued.
    enum class Start { when_prepared, when_told };
    void begin(const store::GlobalConfig& config, Start start);
    /// Its turn has come, with the settings of now. REQUIRES: is_ahead().
    void go(const store::GlobalConfig& config);
    /// It was begun to start when told, and has not been told.
    bool is_ahead() const { return m_start == Start::when_told && is_unstarted(); }
    /// It is being prepared, or is prepared.
    bool is_unstarted() const { return m_phase == Phase::preparing || m_phase == Phase::ready; }
    /// Back to the queue with it. REQUIRES: is_unstarted().
    void give_back();
    /// One whose record says :active: it goes on if its launcher says that it lives, and is brought to its end
    /// otherwise.
    void adopt(const std::optional<store::GlobalConfig>& config);
    /// Ends it before its time; a second stop changes nothing.
    void stop(Stop stop);
    /// Tries again to write what could not be written.
    void retry();

    const store::RunRecord& record() const { return m_record; }
    bool is_over() const { return m_phase == Phase::over; }

private:
    enum class Phase { preparing, ready, running, ending, unrecorded, over };

    Result<void> prepare();
    void prepared();
    void return_to_queue();
    void try_launch();
    Result<void> launch();
    LaunchOrder order(int log) const;
    void watch();
    void arm_timeout();
    void conclude(std::optional<int> exit);
    void finish(Ending ending);
    void conclude_record(bool first);
    Result<void> record_end();
    void clean_up();
    void report_over();

    RunContext m_context;
    store::QueueItem m_item;
    store::RunRecord m_record;
    Done m_done;
    Phase m_phase = Phase::preparing;
    Start m_start = Start::when_prepared;
    bool m_is_given_back = false;
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
