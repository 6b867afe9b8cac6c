// RunVisit: a visit to one run, with its record and its open directory, which stays readable while it is pruned.
#pragma once

#include "git/commit_info.h"
#include "store/run_record.h"
#include "web/runs/log_follow.h"
#include "web/site/visit.h"

namespace quire::web {

struct RunVisit {
    const Visit& visit;
    store::RunRecord run;
    UniqueFd directory;
    std::vector<std::string> rest; ///< the parts after the view's name

    bool is_live() const { return !store::is_terminal(run.state); }
    Url link(std::string_view view, std::string_view job = {}, std::string_view path = {}) const
    {
        return Url::run_view(run.repo, run.number, view, job, path);
    }
    FollowedRun followed(const std::string& job) const { return {run.repo, run.number, job}; }
};

using RunPage = Result<http::Response> (*)(RunVisit& visit);

Result<http::Response> run_page(RunVisit& visit);       ///< run.cc
Result<http::Response> run_changes(RunVisit& visit);    ///< run.cc
Result<http::Response> run_log_page(RunVisit& visit);   ///< run_log.cc, as are text and events
std::string log_title(const RunVisit& visit);           ///< "log of unit, run #214"
Result<http::Response> run_log_search(RunVisit& visit); ///< log_search.cc, as are both below
Result<http::Response> logs_page(const Visit& visit);
void add_log_search(Html& body, const Url& here, std::string_view pattern);
Result<http::Response> run_log_text(RunVisit& visit);
Result<http::Response> run_log_events(RunVisit& visit);
Result<http::Response> run_artifacts_tar(RunVisit& visit);
Result<http::Response> run_artifact(RunVisit& visit);   ///< run_files.cc, as are report and pipeline
Result<http::Response> run_provenance(RunVisit& visit); ///< the statement, or its signature
Result<http::Response> run_report(RunVisit& visit);
Result<http::Response> run_pipeline_page(RunVisit& visit);

/// The word for a state, coloured, with its mark.
Html state_word(std::string_view state);
/// Appends a run's line in a list of runs. `commit` is the run's, if it is there.
enum class WithName { no, yes };
void add_run(Html& body, const store::RunRecord& run, WithName with_name,
             const std::optional<git::CommitInfo>& commit = std::nullopt);

} // namespace quire::web
