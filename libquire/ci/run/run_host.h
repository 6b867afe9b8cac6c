// RunHost: the JobHost of a run. It gives commands to an executor and redacts all text.
//
// Output goes to log files if there is a directory for them, otherwise to the sink. The redactor knows all secrets from
// the start, not only from their first use. The executor and everything in Setup must outlive it.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "ci/executors/executor_pool.h"
#include "ci/keeping/cache_store.h"
#include "ci/keeping/job_files.h"
#include "ci/logs/command_log.h"
#include "ci/logs/redactor.h"
#include "ci/run/handoff.h"
#include "ci/runtime/job_host.h"

namespace quire::ci {

/// Receives what happens in a run, redacted.
class RunSink {
public:
    virtual ~RunSink() = default;
    /// `number` counts a job's commands from 1.
    virtual void command_started(const std::string& job, int number, std::string_view shown) = 0;
    virtual void output(const std::string& job, int number, Stream stream, std::string_view bytes) = 0;
    virtual void command_ended(const std::string& job, int number, const CommandResult& result) = 0;
    /// (log …)
    virtual void said(const std::string& job, std::string_view text) = 0;
    /// Any other event: an artifact, a report, the cache. `fields` is a table.
    virtual void happened(std::string_view event, const std::string& job, text::Data fields) = 0;
};

class RunHost final : public JobHost {
public:
    struct Setup {
        ExecutorPool& executor;
        RunSink& sink;
        int workspace = -1;
        sys::Environment environment; ///< what (env …) reads
        const Handoff& handoff;
        sys::Loop& loop;
        int out = -1;                ///< run directory for logs; -1: none are kept, and the sink gets all output
        LogBudget* budget = nullptr; ///< for the logs
        size_t jobs = 1;             ///< how many share the budget
        bool shows_output = false;   ///< the sink gets output even if it is kept in logs
    };

    explicit RunHost(Setup setup);
    ~RunHost() override;

    const Redactor& redactor() const { return m_redactor; }

    void start_sh(const std::string& job, ShRequest request, ShDone done) override;
    void end_job(const std::string& job, std::function<void()> done) override;
    void retrying(const std::string& job) override { m_files.retrying(job); }
    void job_ended(const Job& job, JobOutcome& outcome) override { m_files.job_ended(job, outcome); }
    void keep_outputs(const std::string& job, const text::Data& outputs) override
    {
        m_files.keep_outputs(job, outputs);
    }
    void take_over(const std::string& job) override;
    Result<std::string> secret(const std::string& job, const std::string& name) override;
    void mask(const std::string& job, std::string_view value) override;
    void log(const std::string& job, std::string_view text) override;
    std::optional<std::string> variable(const std::string& name) override;
    int workspace() override { return m_setup.workspace; }
    Result<text::Data> keep_artifacts(const std::string& job, const std::string& glob) override;
    Result<bool> restore_cache(const std::string& job, const std::string& key,
                               const std::vector<std::string>& paths) override;
    Result<void> save_cache(const std::string& job, const std::string& key,
                            const std::vector<std::string>& paths) override;
    Result<ShRequest> mirror(const std::string& job, const text::Data& options) override;

private:
    class Command;
    void ended(const std::string& job, int number, CommandResult result, const ShDone& done);
    Result<void> start_logged(int number, CommandSpec spec, const std::string& shown, LoggedStreams logged,
                              ShDone done);
    std::string debug_lines(const CommandSpec& spec, std::string_view shown) const;
    void tell_unmasked(const std::string& job, const std::string& what);
    Result<LogWriter> open_log(const std::string& job, int number);
    LogWriter* job_log(const std::string& job);
    Result<CacheStore*> cache();
    std::string cache_name(const std::string& key) const;

    Setup m_setup;
    Redactor m_redactor;
    JobFiles m_files;
    std::optional<CacheStore> m_cache;              ///< opened when first used
    std::set<std::string> m_unmasked;               ///< values too short to be masked, not yet reported
    std::map<std::string, LogBudget> m_log_budgets; ///< one for each job; declared before the logs, which use them
    std::map<std::string, int> m_numbers;
    std::map<const CommandObserver*, std::unique_ptr<CommandObserver>> m_commands;
    std::map<std::string, LogWriter> m_job_logs; ///< what the jobs themselves log
};

} // namespace quire::ci
