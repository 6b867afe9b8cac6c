// What the jobs of a run report: test results as a table, summaries as prose.
#pragma once

#include "web/html/html.h"
#include "web/runs/run_story.h"

namespace quire::web {

/// `directory` is the run's.
Html run_reports(const store::RunRecord& run, int directory, const RunStory& story);

/// Opens a job's file in "artifacts" or "reports". Refuses every path that leads out of the run.
Result<UniqueFd> open_run_file(int directory, std::string_view kind, std::string_view job, std::string_view path);

} // namespace quire::web
