// Approvals: finds out what was decided about jobs that wait for approval, and tells the scheduler.
//
// Under a runner, the answers come from the run's record, which only the runner writes; what waits is listed in the
// run's waits.fnl. Once the run's directory is removed no answer can come, and the run is canceled. In a person's own
// run, that person is asked on the terminal.
#pragma once

#include "ci/run/reporter.h"
#include "ci/run/scheduler.h"

namespace quire::ci {

/// For a run that a person starts: fails if a job would wait for approval and there is no terminal to ask on, or if
/// `approved` names a job that does not wait.
Result<void> check_approvals(const Pipeline& pipeline, const ScheduleOptions& options,
                             const std::set<std::string>& approved);

class Approvals {
public:
    /// `run` is the run's directory; -1: ask on the terminal. All arguments must outlive this object.
    Approvals(sys::Loop& loop, Scheduler& scheduler, Reporter& reporter, int run);
    ~Approvals();
    Approvals(const Approvals&) = delete;
    Approvals& operator=(const Approvals&) = delete;

private:
    void waits(const store::Waits& waits);
    void look();
    void ask();
    void read_answer();
    void answer(std::string_view line);

    sys::Loop& m_loop;
    Scheduler& m_scheduler;
    Reporter& m_reporter;
    int m_run;
    store::Waits m_waits;
    sys::Loop::Id m_timer = 0, m_watch = 0;
    std::string m_asked; ///< the job about which the terminal was asked
    std::string m_typed;
};

} // namespace quire::ci
