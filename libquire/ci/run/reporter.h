// Reporter receives everything that happens in a run, writes the events and shows the progress.
//
// What a RunSink gets is redacted already. The reasons, tracebacks and outputs of jobs are redacted here.
#pragma once

#include "ci/run/events.h"
#include "ci/run/progress.h"
#include "ci/run/run_host.h"
#include "ci/run/scheduler.h"

namespace quire::ci {

class Reporter final : public ScheduleListener, public RunSink {
public:
    explicit Reporter(EventLog& events) : m_events(events) {}
    /// REQUIRES: no job has started. `redactor` must outlive the Reporter.
    void set_redactor(const Redactor& redactor) { m_redactor = &redactor; }
    Progress& progress() { return m_progress; }

    /// Reports the graph of the run's jobs, and where each runs.
    void run_started(const std::vector<JobReport>& reports, const ExecutorPool& executors);

    void job_started(const JobReport& report) override;
    void job_ended(const JobReport& raw) override;
    void approval_wanted(const JobReport& report) override;
    void approval_decided(const store::Approval& raw) override;
    void waits_changed(const store::Waits& waits) override;
    /// Gets what waits_changed() does; what has to be done about it is not ours.
    void set_waits_handler(std::function<void(const store::Waits&)> handler) { m_waits_handler = std::move(handler); }
    void command_started(const std::string& job, int number, std::string_view shown) override;
    void output(const std::string& job, int number, Stream stream, std::string_view bytes) override;
    void command_ended(const std::string& job, int number, const CommandResult& result) override;
    void said(const std::string& job, std::string_view text) override;
    void happened(std::string_view event, const std::string& job, text::Data fields) override;

private:
    text::Data shorten(const text::Data& data) const;

    struct Use {
        int64_t cpu = 0;     ///< nanoseconds, of all commands
        uint64_t memory = 0; ///< of the command with the highest peak
    };

    EventLog& m_events;
    const Redactor* m_redactor = nullptr;
    Progress m_progress;
    std::map<std::string, Use> m_use; ///< by job
    std::function<void(const store::Waits&)> m_waits_handler;
    bool m_is_idle = false;
};

} // namespace quire::ci
