#include "web/site/run_marks.h"

#include <algorithm>

#include "sys/file.h"

namespace quire::web {

void RunMarks::look()
{
    if (std::exchange(m_has_looked, true))
        return;
    auto runs = m_site.open_runs(m_repository);
    if (runs)
        m_runs = std::move(*runs);
    m_known = m_site.known_runs(m_repository, CommitRuns::Reading::as_needed);
}

std::vector<CommitRun> RunMarks::of(const git_oid& commit)
{
    look();
    m_commits.push_back(commit);
    return m_known ? m_known->of(commit) : std::vector<CommitRun>();
}

std::optional<CommitRun> RunMarks::newest(const git_oid& commit)
{
    for (const CommitRun& run : of(commit))
        if (run.state != store::RunState::skipped && m_runs && sys::exists(m_runs.get(), std::to_string(run.number)))
            return run;
    return std::nullopt;
}

bool RunMarks::lacks_older()
{
    look();
    return !m_known || m_known->lacks_older();
}

std::optional<ShownRuns> RunMarks::shown() const
{
    if (!m_known || m_commits.empty())
        return std::nullopt;
    std::vector<git_oid> commits = m_commits;
    std::sort(commits.begin(), commits.end(),
              [](const git_oid& a, const git_oid& b) { return git_oid_cmp(&a, &b) < 0; });
    auto same = [](const git_oid& a, const git_oid& b) { return git_oid_equal(&a, &b) != 0; };
    commits.erase(std::unique(commits.begin(), commits.end(), same), commits.end());
    return m_known->shown(std::move(commits));
}

} // namespace quire::web
