// Pipeline: what a ci.fnl registered, as plain data. Nothing here runs anything.
//
// A job is named by its id, and its inputs name jobs and sources. validate.h checks that these names exist.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "text/data.h"

namespace quire::ci {

constexpr const char* push_source = "quire/push";
constexpr size_t max_job_id_bytes = 100;
constexpr size_t max_jobs = 1000;

/// A place in one of the repository's files; line 0 if it is unknown.
struct SourcePlace {
    std::string file;
    text::Position position;
};

struct Input {
    enum class Kind {
        name, ///< a job or :quire/push; validate() decides which
        job,
        push,
        cron,
        manual,
        output, ///< one output of another job
    };
    Kind kind = Kind::name;
    std::string name;      ///< the name that (jobs name) uses; for a job or push also what it refers to
    std::string upstream;  ///< output: the job
    std::string key;       ///< output: which of its outputs
    std::string source;    ///< cron, manual: the name of the source
    std::string schedule;  ///< cron: "daily", "every 1h" or five fields
    text::Data parameters; ///< manual: a table from names to defaults or descriptions
    SourcePlace place;

    bool is_source() const { return kind == Kind::push || kind == Kind::cron || kind == Kind::manual; }
    /// The job that this input waits for; empty if it is a source.
    std::string_view job_name() const
    {
        return kind == Kind::output ? upstream : is_source() ? std::string_view() : name;
    }
};

/// What the commands of a job may use at a time; 0: no limit.
struct JobLimits {
    uint64_t memory = 0; ///< bytes
    uint32_t processes = 0;
    double cpus = 0;

    bool operator==(const JobLimits&) const = default;
};

struct Job {
    std::string id;
    std::vector<Input> inputs;
    bool inputs_blamed = false; ///< an error in them has been reported already
    int64_t timeout = 0;        ///< nanoseconds; 0: only the run's limit applies
    int retries = 0;
    bool allow_failure = false;
    bool even_if_failed = false;
    int64_t approve_within = 0; ///< nanoseconds for which it waits for approval; 0: it needs none
    std::string image;          ///< empty: the pipeline's
    JobLimits limits;
    text::Data reports; ///< {:junit "…" :tap "…" :summary "…"} or nil
    SourcePlace place;
    SourcePlace run_place; ///< where its run-fn is
};

struct Pipeline {
    std::vector<Job> jobs; ///< in the order of registration
    std::string image;
    SourcePlace image_place;
    bool sandbox = false;
    bool network = true;
    bool read_only = false; ///< commands in a container can write to the workspace and to /tmp, /var/tmp and /run only

    const Job* find(std::string_view id) const;
};

/// Something wrong with a pipeline, to be shown to its author.
struct Diagnostic {
    SourcePlace place;
    std::string message;
    std::string hint;        ///< what to try instead; may be empty
    std::string source_line; ///< the line at `place`, without its newline
};

/// ".quire/ci.fnl:3:1: message", then the source line, then a mark below the column.
std::string format_diagnostic(const Diagnostic& diagnostic);
text::Data to_data(const Diagnostic& diagnostic);
std::string to_string(const SourcePlace& place);

} // namespace quire::ci
