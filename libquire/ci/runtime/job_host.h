// JobHost: what a run-fn may ask of the world outside.
//
// The executors, the log writer and the redactor are behind it. Program (ci/run/program.h) calls it while a run-fn runs
// and is called back when a command has ended. There is one thread, and every call names the job that asks.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "text/data.h"

namespace quire::ci {

/// One (sh …) call.
struct ShRequest {
    std::vector<std::string> argv; ///< never empty; a string has become {"sh", "-c", string}
    std::string shown;             ///< the command as the pipeline has it, for logs and :cmd
    std::vector<std::pair<std::string, std::string>> environment; ///< on top of the run's
    std::string input;                                            ///< its standard input; empty: end of file at once
    std::string directory; ///< relative to the workspace; empty: the workspace itself
    int64_t timeout = 0;   ///< nanoseconds; 0: none
    bool quiet = false;    ///< what it prints on stdout is returned and not logged
    bool beside = false;   ///< one of quire's own, on this machine beside the job's place, whatever that is
};

struct ShResult {
    int exit = 0; ///< 128 + n if signal n ended it
    std::string out;
    std::string err;
    bool truncated = false; ///< more was printed than is returned; the log has everything
    bool timed_out = false;
    int64_t duration = 0; ///< nanoseconds
    std::string killed;   ///< why quire or the kernel killed it for what it used; empty: neither did
};

struct Job;

struct JobOutcome {
    enum class End { succeeded, failed, skipped };
    End end = End::succeeded;
    std::string reason;    ///< one line; empty if it succeeded
    std::string traceback; ///< the stack when it raised, one frame a line
    text::Data outputs;    ///< a table, even if :exit made the job fail; otherwise nil
};

class JobHost {
public:
    /// An error means that the command could not be run at all; it raises in the run-fn.
    using ShDone = std::function<void(Result<ShResult>)>;

    virtual ~JobHost() = default;

    /// Starts the command and returns. `done` is called once, later, from the loop. Commands of one job may overlap.
    virtual void start_sh(const std::string& job, ShRequest request, ShDone done) = 0;
    /// An attempt has ended: ends what it left running, and calls `done` later.
    virtual void end_job(const std::string& job, std::function<void()> done) = 0;
    /// The job will be tried again: the next attempt's files replace what this one kept.
    virtual void retrying(const std::string& job) = 0;
    /// The job has ended for good and nothing of it runs: keeps its files. That can turn a success into a failure.
    virtual void job_ended(const Job& job, JobOutcome& outcome) = 0;
    /// Keeps the outputs for a rerun in which this job does not run again.
    virtual void keep_outputs(const std::string& job, const text::Data& outputs) = 0;
    /// The job does not run again: its artifacts of the earlier run become this run's, and are put into the workspace.
    virtual void take_over(const std::string& job) = 0;
    /// The secret's value. Fails if it is not declared or could not be resolved.
    virtual Result<std::string> secret(const std::string& job, const std::string& name) = 0;
    /// Redacts the value like a secret from now on, everywhere.
    virtual void mask(const std::string& job, std::string_view value) = 0;
    /// Appends to the job's log.
    virtual void log(const std::string& job, std::string_view text) = 0;
    /// A variable from the commands' environment.
    virtual std::optional<std::string> variable(const std::string& name) = 0;
    /// An open directory; read-file and write-file can't leave it.
    virtual int workspace() = 0;
    /// Keeps the files that match. Returns a sequence of {:path :size :sha256} for what was kept.
    virtual Result<text::Data> keep_artifacts(const std::string& job, const std::string& glob) = 0;
    /// Restores a cache entry into the workspace; false if there is none.
    virtual Result<bool> restore_cache(const std::string& job, const std::string& key,
                                       const std::vector<std::string>& paths) = 0;
    virtual Result<void> save_cache(const std::string& job, const std::string& key,
                                    const std::vector<std::string>& paths) = 0;
    /// The command that pushes to another forge, beside the job: what it pushes with never gets into the job's place.
    virtual Result<ShRequest> mirror(const std::string& job, const text::Data& options) = 0;
};

} // namespace quire::ci
