// Following a job's log while it is written: as Server-Sent Events for a page, as plain text for everything else.
//
// Both read the same files as a page does, from where they are told to, and are woken by RunWatch. They go through the
// steps in the order in which those began; one that runs beside another comes behind it. An event's id is
// "STEP.OFFSET", the byte of the step's log behind the last complete row, so a reader that comes back with it as
// Last-Event-ID misses nothing and sees nothing twice:
//
//   event: step      a step has begun: its heading                     id: STEP.0
//   event: rows      complete rows                                     id: STEP.OFFSET
//   event: partial   the row being written, in place of the last one   (no id)
//   event: done      a step has ended: how                             id: STEP.end
//   event: end       the job is over: nothing follows
//
// The data is markup for a page, one line of it for each row. A comment every fifteen seconds finds out who has gone.
#pragma once

#include <optional>

#include "store/run_record.h"
#include "web/runs/log_view.h"
#include "web/runs/run_story.h"
#include "web/site/run_watch.h"

namespace quire::web {

struct LogPlace {
    int64_t step = -1; ///< -1: from the first
    uint64_t offset = 0;
    bool is_end = false; ///< behind the step
};
/// "3.16384" or "3.end"
std::optional<LogPlace> parse_log_place(std::string_view text);

struct FollowOptions {
    LogPlace from;
    bool shows_times = false;
    bool waits = true; ///< false: ends where the log does now
};

/// A run to follow: what a source has to know of it, beside its directory.
struct FollowedRun {
    store::RepoName repo;
    uint64_t number;
    std::string job;
};

std::shared_ptr<http::BodySource> follow_as_events(RunWatch& watch, FollowedRun run, UniqueFd directory,
                                                   const FollowOptions& options);
std::shared_ptr<http::BodySource> follow_as_text(RunWatch& watch, FollowedRun run, UniqueFd directory,
                                                 const FollowOptions& options);
/// Only says that something has changed, with "event: change", until the run has ended.
std::shared_ptr<http::BodySource> follow_changes(RunWatch& watch, FollowedRun run, UniqueFd directory);

/// What stands above and below a step's rows.
Html step_heading(const StoryJob& job, const StoryStep& step, const Url& link);
Html step_ending(const StoryStep& step);

} // namespace quire::web
