// Follows a job's log while it is written: as Server-Sent Events for a page, otherwise as plain text.
//
// Both forms read the same files as a page does, starting at a given place, and RunWatch wakes them. Steps come in the
// order in which they began; steps that run side by side come one after the other. An event's id is "STEP.OFFSET", the
// position in the step's log after the last complete row. A reader that sends it back as Last-Event-ID misses nothing
// and sees nothing twice:
//
//   event: step      a step has begun: its heading                     id: STEP.0
//   event: rows      complete rows                                     id: STEP.OFFSET
//   event: partial   the row being written, in place of the last one   (no id)
//   event: done      a step has ended: how                             id: STEP.end
//   event: end       the job is over: nothing follows
//
// The data is markup for the page, one line per row. A comment every fifteen seconds detects readers who have gone.
#pragma once

#include <optional>

#include "store/run_record.h"
#include "web/runs/log_view.h"
#include "web/runs/run_story.h"
#include "web/site/run_watch.h"

namespace quire::web {

struct LogPlace {
    int64_t step = -1; ///< -1: start at the first step
    uint64_t offset = 0;
    bool is_end = false; ///< after the last row of the step
};
/// Parses "3.16384" or "3.end".
std::optional<LogPlace> parse_log_place(std::string_view text);

struct FollowOptions {
    LogPlace from;
    bool shows_times = false;
    bool waits = true; ///< false: ends at the present end of the log
};

/// The run to follow: what a source needs to know about it besides its directory.
struct FollowedRun {
    store::RepoName repo;
    uint64_t number;
    std::string job;
};

std::shared_ptr<http::BodySource> follow_as_events(RunWatch& watch, FollowedRun run, UniqueFd directory,
                                                   const FollowOptions& options);
std::shared_ptr<http::BodySource> follow_as_text(RunWatch& watch, FollowedRun run, UniqueFd directory,
                                                 const FollowOptions& options);
/// Sends only "event: change" when something has changed, until the run has ended.
std::shared_ptr<http::BodySource> follow_changes(RunWatch& watch, FollowedRun run, UniqueFd directory);

} // namespace quire::web
