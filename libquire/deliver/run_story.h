// What a run that went wrong has to say for itself, for a person who was not there: the job that failed, its last
// command, and the end of what that printed. Read from the run's own files, in which secrets are masked already.
#pragma once

#include <string>
#include <vector>

#include "store/run_record.h"

namespace quire::deliver {

struct RunStory {
    std::string job;     ///< the first one that failed; "": none did, the run itself
    std::string reason;  ///< of the job; may be empty
    std::string command; ///< its last one, if that failed
    int64_t exit = 0;
    std::vector<std::string> lines; ///< the last ones: harmless text without controls
};

/// As much as there is; what can't be read is left out.
RunStory tell_run(const store::Root& root, const store::RunRecord& record);

/// How this run's verdict fits those before it of its kind: the same ref, and the same source.
struct Streak {
    bool was_failing = false;   ///< the one before it had failed
    uint64_t first_failure = 0; ///< of the failures in a row that this run ends or goes on; 0: none
    Instant since = 0;          ///< when that one ended
    size_t failures = 0;        ///< in a row, this one with them
    uint64_t last_success = 0;  ///< before them; 0: none is known
    std::string last_good_sha;
};
Result<Streak> find_streak(const store::Root& root, const store::RunRecord& record);

bool is_failure(store::RunState state);

/// The subject and the author of a commit; empty where git can't tell.
struct CommitStory {
    std::string subject, author;
};
CommitStory tell_commit(const store::Root& root, const store::RunRecord& record);

} // namespace quire::deliver
