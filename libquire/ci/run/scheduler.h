// Scheduler decides when each job runs, and what happens to the jobs behind one that failed.
//
//   Scheduler scheduler(loop, program, host, listener, {.source = push_source});
//   scheduler.start([&] { … });      // all jobs have ended
//
// A job runs as soon as the jobs it waits for have ended; at most `parallel` run at a time. If one fails, those behind
// it don't run, unless it may fail (:allow-failure) or they run in any case (:even-if-failed). A job that was skipped
// because it returned nil holds up nothing. One with :approve asks when its turn has come, and waits for decide(); the
// others go on meanwhile. All arguments must outlive the Scheduler.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ci/run/program.h"
#include "store/approval.h"
#include "sys/loop.h"

namespace quire::ci {

struct JobReport {
    const Job* job = nullptr;
    enum class State { waiting, running, succeeded, failed, skipped };
    State state = State::waiting;
    std::string reason; ///< one line; empty if it succeeded
    std::string traceback;
    text::Data outputs;
    bool reused = false; ///< it did not run; the outputs come from an earlier run
    int attempts = 0;
    int64_t duration = 0; ///< nanoseconds, over all attempts
    bool is_approved = false;
    Instant waits_until = 0; ///< it waits for approval at most so long; 0: it doesn't
};

std::string_view to_string(JobReport::State state);

class ScheduleListener {
public:
    virtual ~ScheduleListener() = default;
    virtual void job_started(const JobReport& report) = 0;
    /// Called once for each job, even for one that never starts.
    virtual void job_ended(const JobReport& report) = 0;
    /// Its turn has come, and it waits for approval.
    virtual void approval_wanted(const JobReport&) {}
    virtual void approval_decided(const store::Approval&) {}
    /// Called whenever other jobs wait for approval than before, or when it changes whether anything else goes on.
    virtual void waits_changed(const store::Waits&) {}
};

struct ScheduleOptions {
    std::string source = push_source; ///< what fires the run
    std::string only;                 ///< runs only this job and those it waits for; empty: all
    size_t parallel = 1;
    std::map<std::string, text::Data> reused = {}; ///< the outputs of jobs that succeeded before and are not run
    std::set<std::string> approved = {};           ///< these don't ask
    std::set<std::string> again = {}; ///< of a rerun: only these run, and what they wait for that has no outputs
};

/// The jobs that a rerun of `only`, or of everything from `from` on, runs again; empty: neither was given.
/// ErrorKind::refused: the source does not fire it.
Result<std::set<std::string>> jobs_again(const Pipeline& pipeline, const std::string& source, const std::string& only,
                                         const std::string& from);

/// The ids of the jobs that the source fires; with `only`, just that job and those it waits for.
std::set<std::string> jobs_to_run(const Pipeline& pipeline, const ScheduleOptions& options);

class Scheduler {
public:
    Scheduler(sys::Loop& loop, Program& program, JobHost& host, ScheduleListener& listener, ScheduleOptions options);

    void start(std::function<void()> done);
    /// Ends the running jobs and starts no more; `done` is still called.
    void cancel(std::string reason);
    /// Lets a job run that waits for approval, or fails it. Does nothing if the job doesn't wait.
    void decide(const store::Approval& approval);

    const std::vector<JobReport>& reports() const { return m_reports; }
    /// Why the run failed or was canceled; empty if it did neither.
    std::string failure() const;
    bool is_canceled() const { return !m_canceled.empty(); }

private:
    void pump();
    bool try_start(JobReport& report);
    bool is_approved(JobReport& report);
    void stop_waiting(JobReport& report);
    void tell_waits();
    std::string blocked_by(const JobReport& report) const;
    void take_over();
    void reuse(JobReport& report, text::Data outputs);
    void run(JobReport& report);
    void ended(const std::string& id, int attempt, JobOutcome outcome);
    void close_attempt(const std::string& id, JobOutcome outcome);
    void settle(JobReport& report, JobReport::State state, std::string reason);
    JobReport* find(std::string_view id);
    const JobReport* find(std::string_view id) const;

    sys::Loop& m_loop;
    Program& m_program;
    JobHost& m_host;
    ScheduleListener& m_listener;
    ScheduleOptions m_options;
    std::vector<JobReport> m_reports; ///< in topological order
    struct Active {
        std::string id;
        int64_t since = 0;
        sys::Loop::Id timer = 0;
        bool closing = false;
    };
    std::vector<Active> m_active;
    std::map<std::string, sys::Loop::Id> m_approval_limits; ///< of the jobs that wait for approval
    std::vector<std::string> m_told_waiting;
    bool m_told_idle = false;
    std::string m_canceled;
    std::function<void()> m_done;
    bool m_pumping = false;
};

} // namespace quire::ci
