// A whole run of a pipeline in a checkout, with executors, jobs, events and progress.
#pragma once

#include <map>
#include <set>

#include "ci/run/handoff.h"
#include "ci/run/program.h"

namespace quire::ci {

struct RunOptions {
    std::string checkout = ".";
    std::string executor = "auto"; ///< "auto", "host", "bwrap", "container"
    std::string events;            ///< see EventLog; empty: in out_directory, if there is one
    std::string out_directory;     ///< for logs, and for events.jsonl unless `events` is set; empty: nothing is kept
    std::string job;               ///< runs only this job and those it waits for
    std::string source;            ///< what fires the run; empty: a push
    std::map<std::string, std::string> parameters; ///< for a manual source, as they were typed
    std::set<std::string> approved;                ///< jobs with :approve that don't ask
    bool in_place = false;                         ///< the run works in the checkout, not in a copy of it
    bool verbose = false;                          ///< shows output as it arrives
    std::string dispatch;                          ///< a path; empty: facts come from the checkout; no secrets
    bool is_away = false;   ///< the runner holds no lock for it: it takes the run's own, and looks for the stop file
    bool is_sealed = false; ///< see Setting::is_sealed
    size_t parallel = 0;    ///< 0: as many as there are processor cores
    ProgramOptions program;
};

/// 0: the pipeline succeeded; 1: it failed or is invalid. Errors come from this machine or the caller.
Result<int> run_pipeline(const RunOptions& options);

} // namespace quire::ci
