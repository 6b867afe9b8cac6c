// Lists runs given the open directory that holds a repository's runs, for readers that must not look up a name again.
#pragma once

#include <vector>

#include "store/run_record.h"

namespace quire::store {

namespace paths {
/// The file with the next run's number, in a repository's directory of runs.
constexpr const char* runs_next = "next";
} // namespace paths

/// The numbers of the runs, newest first, at most `limit`, below `before` (0: from the newest). Counts down from
/// `next`, so the cost depends only on the number returned.
Result<std::vector<uint64_t>> newest_runs(int runs, size_t limit, uint64_t before = 0);
Result<RunRecord> read_run_record_in(int runs, const RepoName& repo, uint64_t number);

} // namespace quire::store
