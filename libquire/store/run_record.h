// RunRecord: the content of a run's meta.fnl. It has one writer at a time, and is always replaced atomically.
//
// The creator writes it as :queued; after the claim only the runner writes it. Times are instants in UTC. An empty
// string means that the run has no such value. quire-run(5) describes the format.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/repo_name.h"
#include "store/root.h"
#include "text/data.h"

namespace quire::store {

/// skipped: no job belongs to the event, so there was nothing to do.
enum class RunState { queued, active, succeeded, failed, errored, canceled, timed_out, superseded, skipped };

std::string_view to_string(RunState state);
Result<RunState> parse_run_state(std::string_view text);
/// Whether the state is final.
bool is_terminal(RunState state);

/// What somebody decided about a job that waits for approval.
struct Approval {
    std::string job;
    bool is_given = false; ///< false: it was denied
    std::string by;
    std::string reason; ///< one line; may be empty
    Instant at = 0;
};

struct RunRecord {
    RepoName repo;
    uint64_t number = 0;
    RunState state = RunState::queued;
    std::string source;       ///< "push", "manual", "cron"; a rerun has the source of the run that it repeats
    std::string event;        ///< the name of a manual or cron source; empty for a push
    text::Data parameters;    ///< for a manual run: a table of strings; otherwise nil
    uint64_t reran = 0;       ///< the number of the run that this one repeats
    bool only_failed = false; ///< repeats only the jobs that had not succeeded
    std::string only_job;     ///< repeats only this job, and what it needs whose outputs were not kept
    std::string from_job;     ///< repeats only this job and those behind it, and what they need
    bool debug = false;       ///< each command is told with its environment's names
    std::string ref;          ///< the full name
    std::string sha;          ///< the commit
    std::string previous_sha; ///< where the ref was before; empty for a new ref
    std::string pusher;
    std::string push_id; ///< shared by all runs of one push
    bool forced = false; ///< the push discarded commits
    Instant queued_at = 0;
    Instant started_at = 0;
    Instant ended_at = 0;
    std::string reason;                   ///< one line; every final state has one
    uint64_t superseded_by = 0;           ///< the number of the run that replaced it
    std::vector<Approval> approvals = {}; ///< in the order of the decisions, at most one for each job
};

text::Data to_data(const RunRecord& record);
/// `name` appears in messages.
Result<RunRecord> run_record_from_data(const text::Data& data, std::string_view name);

Result<RunRecord> read_run_record(const Root& root, const RepoName& repo, uint64_t number);
/// {:job "deploy" :approved true :by "ada" :at "…"}
text::Data to_data(const Approval& approval);
Result<Approval> approval_from_data(const text::Data& data, std::string_view name);
/// Reads the record in a run's open directory, which stays valid when the directory is renamed.
Result<RunRecord> read_run_record(int directory, const RepoName& repo, std::string_view shown);

} // namespace quire::store
