// What a person who was not there must know about a failed run: the job that failed, its last command, and the end of
// its output. It is read from the run's own files, in which secrets are masked already.
#pragma once

#include <string>
#include <vector>

#include "store/run_failure.h"
#include "store/run_record.h"

namespace quire::deliver {

/// The first job that failed.
using RunStory = store::JobFailure;

/// As much as there is; what can't be read is left out.
RunStory tell_run(const store::Root& root, const store::RunRecord& record);

/// How the run's result relates to the earlier runs with the same ref and the same source.
struct Streak {
    bool was_failing = false;   ///< the run before it had failed
    uint64_t first_failure = 0; ///< the first of the consecutive failures that this run ends or continues; 0: none
    Instant since = 0;          ///< when that first failure ended
    size_t failures = 0;        ///< how many in a row, including this run
    uint64_t last_success = 0;  ///< before those failures; 0: none is known
    std::string last_good_sha;
};
Result<Streak> find_streak(const store::Root& root, const store::RunRecord& record);

bool is_failure(store::RunState state);

/// The subject and the author of a commit; empty if git can't tell.
struct CommitStory {
    std::string subject, author;
};
CommitStory tell_commit(const store::Root& root, const store::RunRecord& record);

} // namespace quire::deliver
