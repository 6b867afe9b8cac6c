// Lists of runs: which runs they contain, and the feed.
#pragma once

#include "store/run_record.h"
#include "web/html/url.h"
#include "web/site/visit.h"

namespace quire::web {

/// Skipped runs had nothing to do: lists fold them. They are passed over where the state of a branch is shown, as are
/// runs of a bisection, which are of older commits.
enum class Skipped { listed, passed_over };

struct RunsWanted {
    std::string ref = {};    ///< a full name; "": any
    std::string commit = {}; ///< its full id; "": any
    std::string source = {}; ///< "push", "cron", "manual" or "bisect"; "": any
    std::optional<store::RunState> state = {};
    uint64_t before = 0; ///< a number; 0: from the newest
    size_t limit = 50;
    Skipped skipped = Skipped::listed;
};

struct RunList {
    std::vector<store::RunRecord> runs; ///< newest first
    uint64_t before = 0;                ///< where the next page starts; 0: there are no more
};

/// Looks at a limited number of runs, so the page of a ref that rarely runs may be short and still have a next page.
Result<RunList> list_runs(const Visit& visit, const RunsWanted& wanted);
/// The newest runs of all repositories that the reader may see.
Result<std::vector<store::RunRecord>> newest_of_all(const Visit& visit, size_t limit, Skipped skipped);

http::Response run_feed(const Visit& visit, std::string_view title, const Url& page,
                        const std::vector<store::RunRecord>& runs);

} // namespace quire::web
