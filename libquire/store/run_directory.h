// The runs of a repository, by the open directory that they lie in: for readers that must not look a name up again.
#pragma once

#include <vector>

#include "store/run_record.h"

namespace quire::store {

namespace paths {
/// next_number() in the directory of a repository's runs.
constexpr const char* runs_next = "next";
} // namespace paths

/// The numbers of the runs, newest first, at most `limit`, below `before` (0: from the newest). Walks down from `next`,
/// so it costs what it yields.
Result<std::vector<uint64_t>> newest_runs(int runs, size_t limit, uint64_t before = 0);
Result<RunRecord> read_run_record_in(int runs, const RepoName& repo, uint64_t number);

} // namespace quire::store
