// RunRecord: what meta.fnl says of a run. One writer at a time, always replaced atomically.
//
// The creator writes it as :queued; after the claim only the runner does. Times are instants in UTC; empty
// strings stand for what a run does not have. Format: quire-run(5).
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "store/repo_name.h"
#include "store/root.h"
#include "text/data.h"

namespace quire::store {

/// skipped: no job follows from what made it, so there was nothing to do.
enum class RunState { queued, active, succeeded, failed, errored, canceled, timed_out, superseded, skipped };

std::string_view to_string(RunState state);
Result<RunState> parse_run_state(std::string_view text);
/// No further state follows.
bool is_terminal(RunState state);

struct RunRecord {
    RepoName repo;
    uint64_t number = 0;
    RunState state = RunState::queued;
    std::string source;       ///< "push", "manual", "cron"; a rerun keeps that of what it repeats
    std::string event;        ///< a manual or cron source's own name; empty for a push
    text::Data parameters;    ///< of a manual run: a table of strings, or nil
    uint64_t reran = 0;       ///< the run that this one repeats
    bool only_failed = false; ///< ... as far as it had not succeeded
    std::string ref;          ///< full name
    std::string sha;          ///< the commit
    std::string previous_sha; ///< the ref's former tip; empty for a new ref
    std::string pusher;
    std::string push_id; ///< shared by all runs of one push
    bool forced = false; ///< the push threw commits away
    Instant queued_at = 0;
    Instant started_at = 0;
    Instant ended_at = 0;
    std::string reason;         ///< one line, with every terminal state
    uint64_t superseded_by = 0; ///< the run that took its place
};

text::Data to_data(const RunRecord& record);
/// `name` stands in messages.
Result<RunRecord> run_record_from_data(const text::Data& data, std::string_view name);

Result<RunRecord> read_run_record(const Root& root, const RepoName& repo, uint64_t number);
/// The same for a run's open directory, which outlives being renamed.
Result<RunRecord> read_run_record(int directory, const RepoName& repo, std::string_view shown);

} // namespace quire::store
