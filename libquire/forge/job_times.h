// How long jobs took in the newest runs of a repository, read from the runs themselves: nothing else is kept.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/run_record.h"

namespace quire::forge {

struct JobTime {
    uint64_t run = 0;
    std::string sha;
    bool is_well = true; ///< the job succeeded; otherwise it failed
    double seconds = 0;
    double cpu = 0;      ///< seconds of processor time; 0: unknown
    uint64_t memory = 0; ///< bytes at its peak; 0: unknown
};

/// By job; of each the newest first. Jobs that were skipped, taken over, or ended with a run that was canceled or
/// superseded have no time.
using JobTimes = std::map<std::string, std::vector<JobTime>>;

/// Looks at `limit` runs below the number `before` (0: from the newest). `runs` is the open directory of the
/// repository's runs.
Result<JobTimes> job_times(int runs, const store::RepoName& repo, size_t limit, uint64_t before = 0);

/// What a job usually takes: the medians of the runs in which it succeeded; zeros if there are fewer than three.
struct Usual {
    double seconds = 0, cpu = 0;
    uint64_t memory = 0;
};
Usual usual_of(const std::vector<JobTime>& times);

/// The run since which the job takes another time than before, if there is one: the medians of the runs on both sides
/// differ by a third at least, and by more than the times vary. `times` may be of any length.
struct TimeChange {
    JobTime first;                ///< the oldest run that takes the new time
    JobTime last_before;          ///< the newest run that took the old one
    double before = 0, after = 0; ///< seconds, medians
};
std::optional<TimeChange> find_change(const std::vector<JobTime>& times);

} // namespace quire::forge
