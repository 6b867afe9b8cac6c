// What a person who was not there must know about a failed run: each job that failed, its last command, and the end of
// its output. It is read from the run's own files, in which secrets are masked already.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace quire::store {

struct JobFailure {
    std::string job;     ///< "": no job failed, but the run itself: its pipeline can't be run
    std::string reason;  ///< the job's; may be empty
    std::string command; ///< its last one, if that failed
    int64_t exit = 0;
    std::vector<std::string> lines; ///< the last ones, as harmless text without controls
};

/// The jobs in the order in which they ended, without those that may fail. `run` is the run's open directory. There is
/// as much as can be read.
std::vector<JobFailure> tell_failures(int run);

} // namespace quire::store
