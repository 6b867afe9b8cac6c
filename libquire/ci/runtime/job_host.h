// JobHost: what a run-fn may ask of the world, as the language sees it.
//
// The executors, the log writer and the redactor live behind it; Program (ci/run/program.h) calls it while a run-fn
// is running and is called back when a command has ended. One thread; everything is told which job asks.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "text/data.h"

namespace quire::ci {

/// One (sh …).
struct ShRequest {
    std::vector<std::string> argv; ///< never empty; a string is {"sh", "-c", string} already
    std::string shown;             ///< the command as it was written, for logs and :cmd
    std::vector<std::pair<std::string, std::string>> environment; ///< on top of the run's
    std::string input;                                            ///< its standard input; empty: it ends at once
    std::string directory; ///< relative to the workspace; empty: the workspace itself
    int64_t timeout = 0;   ///< nanoseconds; 0: none
    bool quiet = false;    ///< what it prints on stdout is returned and not logged
};

struct ShResult {
    int exit = 0; ///< 128 + n when signal n ended it
    std::string out;
    std::string err;
    bool truncated = false; ///< more was printed than is returned; the log has it
    bool timed_out = false;
    int64_t duration = 0; ///< nanoseconds
};

struct Job;

struct JobOutcome {
    enum class End { succeeded, failed, skipped };
    End end = End::succeeded;
    std::string reason;    ///< one line; empty when it succeeded
    std::string traceback; ///< what was running when it raised, a line each
    text::Data outputs;    ///< a table, also of a job that failed by its :exit; else nil
};

class JobHost {
public:
    /// An error means that the command could not be run at all; it raises in the run-fn.
    using ShDone = std::function<void(Result<ShResult>)>;

    virtual ~JobHost() = default;

    /// Starts it and returns; `done` is called later, once, from the loop. Commands of one job may overlap.
    virtual void start_sh(const std::string& job, ShRequest request, ShDone done) = 0;
    /// An attempt at the job has ended: what it left running is ended too, then `done` is called, later.
    virtual void end_job(const std::string& job, std::function<void()> done) = 0;
    /// It will be tried again: what the next attempt keeps takes the place of what this one kept.
    virtual void retrying(const std::string& job) = 0;
    /// It will not be tried again and nothing of it runs: what it leaves is kept. That may make a failure of a success.
    virtual void job_ended(const Job& job, JobOutcome& outcome) = 0;
    /// For a rerun, where the job will not run again.
    virtual void keep_outputs(const std::string& job, const text::Data& outputs) = 0;
    /// The value; an error when it is not declared or could not be resolved.
    virtual Result<std::string> secret(const std::string& job, const std::string& name) = 0;
    /// From now on the value is redacted like a secret, everywhere.
    virtual void mask(const std::string& job, std::string_view value) = 0;
    /// Appends to the job's log.
    virtual void log(const std::string& job, std::string_view text) = 0;
    /// A variable of the environment that commands get.
    virtual std::optional<std::string> variable(const std::string& name) = 0;
    /// An open directory; read-file and write-file stay below it.
    virtual int workspace() = 0;
    /// Keeps the files that match; yields what was kept, a sequence of {:path :size :sha256}.
    virtual Result<text::Data> keep_artifacts(const std::string& job, const std::string& glob) = 0;
    /// Brings the cache entry back into the workspace; false: there is none.
    virtual Result<bool> restore_cache(const std::string& job, const std::string& key,
                                       const std::vector<std::string>& paths) = 0;
    virtual Result<void> save_cache(const std::string& job, const std::string& key,
                                    const std::vector<std::string>& paths) = 0;
};

} // namespace quire::ci
