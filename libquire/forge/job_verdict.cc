#include "forge/job_verdict.h"

#include "base/strings.h"
#include "forge/run_list.h"
#include "store/bisect_source.h"
#include "store/event_reader.h"
#include "sys/file.h"
#include "text/escape.h"

namespace quire::forge {

using store::RunRecord;

constexpr size_t most_runs = 20'000;
constexpr size_t most_events = 1'000'000;

/// Of a job that was left out, or did not come to its turn. A run that was made for it has told all the same.
static JobVerdict without(const RunRecord& run, const std::string& job, std::string reason)
{
    if (reason.empty())
        reason = run.reason.empty() ? std::string(store::to_string(run.state)) : run.reason;
    bool came_to_its_end = run.state == store::RunState::failed || run.state == store::RunState::succeeded;
    bool was_for_it = run.source == store::bisect_source && run.only_job == job;
    return {came_to_its_end && was_for_it ? Verdict::untestable : Verdict::unknown, run.number,
            text::for_terminal(reason)};
}

JobVerdict verdict_of(const store::Root& root, const RunRecord& run, const std::string& job)
{
    auto directory = sys::open_directory(root.fd(), store::paths::run(run.repo, run.number));
    if (!directory)
        return {Verdict::unknown, run.number, "its run is gone"};
    store::EventReader events(directory->get());
    for (size_t count = 0; count < most_events; ++count) {
        auto event = events.next();
        if (!event || !*event)
            break;
        const text::Data& data = **event;
        if (data.string_or("event", "") != "job-ended" || data.string_or("job", "") != job)
            continue;
        std::string state = data.string_or("state", ""), reason = data.string_or("reason", "");
        if (state == "succeeded")
            return {Verdict::good, run.number, ""};
        bool is_stopped = run.state == store::RunState::canceled || run.state == store::RunState::superseded;
        if (state == "failed" && !is_stopped)
            return {Verdict::bad, run.number, text::for_terminal(reason)};
        return without(run, job, reason);
    }
    return without(run, job, "");
}

Result<TreeVerdicts> TreeVerdicts::create(const store::Root& root, const store::RepoName& repo,
                                          git::ObjectReader& reader, std::string job)
{
    TreeVerdicts verdicts(root, std::move(job));
    std::vector<RunRecord> runs = TRY(list_runs(root, repo, most_runs, 0, {}));
    std::erase_if(runs, [](const RunRecord& run) { return run.sha.empty() || !from_hex(run.sha); });
    std::vector<std::string> ids;
    ids.reserve(runs.size());
    for (const RunRecord& run : runs)
        ids.push_back(run.sha);
    auto commits = TRY(reader.commits(ids));
    for (size_t i = 0; i < runs.size(); ++i)
        if (commits[i])
            verdicts.m_runs[commits[i]->tree].push_back(std::move(runs[i]));
    return verdicts;
}

JobVerdict TreeVerdicts::find(const std::string& tree)
{
    if (auto known = m_known.find(tree); known != m_known.end())
        return known->second;
    JobVerdict found;
    auto runs = m_runs.find(tree);
    if (runs != m_runs.end())
        for (const RunRecord& run : runs->second) {
            JobVerdict verdict = verdict_of(m_root, run, m_job);
            if (verdict.verdict == Verdict::unknown)
                continue;
            found = std::move(verdict);
            break;
        }
    return m_known.emplace(tree, std::move(found)).first->second;
}

} // namespace quire::forge
