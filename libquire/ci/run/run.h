// A whole run of a pipeline in a checkout: executor, jobs, events, and what a person sees of it.
#pragma once

#include <map>

#include "ci/run/handoff.h"
#include "ci/run/program.h"

namespace quire::ci {

struct RunOptions {
    std::string checkout = ".";
    std::string executor = "auto"; ///< "auto", "host", "bwrap", "container"
    std::string events;            ///< see EventLog; empty: in the out directory, or null
    std::string out_directory;     ///< keeps logs, and events.jsonl unless `events` says otherwise; empty: nowhere
    std::string job;               ///< only this one and what it waits for
    std::string source;            ///< what fires a person's own run; empty: a push
    std::map<std::string, std::string> parameters; ///< of a manual source, as given
    bool in_place = false;                         ///< a person's own run works in the checkout, not in a copy of it
    bool verbose = false;                          ///< what commands print is shown as it comes
    std::string dispatch;                          ///< path; empty: facts of the checkout, no secrets
    size_t parallel = 0;                           ///< 0: as many as there are cores
    ProgramOptions program;
};

/// 0: the pipeline succeeded, 1: it failed or is none. Errors are the machine's or the caller's.
Result<int> run_pipeline(const RunOptions& options);

} // namespace quire::ci
