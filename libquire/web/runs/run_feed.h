// Lists of runs: which ones, and as a feed.
#pragma once

#include "store/run_record.h"
#include "web/html/url.h"
#include "web/site/visit.h"

namespace quire::web {

/// Runs that were skipped had nothing to do: lists fold them, what tells of a state passes over them.
enum class Skipped { listed, passed_over };

struct RunsWanted {
    std::string ref = {}; ///< a full name; "": any
    uint64_t before = 0;  ///< a number; 0: from the newest
    size_t limit = 50;
    Skipped skipped = Skipped::listed;
};

struct RunList {
    std::vector<store::RunRecord> runs; ///< newest first
    uint64_t before = 0;                ///< where to go on; 0: there is no more
};

/// Looks at a bounded number of runs, so a page for a ref that has not run for long may be short, and have a next one.
Result<RunList> list_runs(const Visit& visit, const RunsWanted& wanted);
/// The newest of all repositories that the reader may see.
Result<std::vector<store::RunRecord>> newest_of_all(const Visit& visit, size_t limit, Skipped skipped);

http::Response run_feed(const Visit& visit, std::string_view title, const Url& page,
                        const std::vector<store::RunRecord>& runs);

} // namespace quire::web
