#include "forge/run_list.h"

#include <algorithm>

#include "store/create_run.h"
#include "store/repositories.h"
#include "sys/file.h"

namespace quire::forge {

using store::RunRecord;

bool RunFilter::matches(const RunRecord& record) const
{
    if (state && record.state != *state)
        return false;
    return ref.empty() || record.ref == ref || record.ref == "refs/heads/" + ref || record.ref == "refs/tags/" + ref;
}

/// nullopt: it is gone.
static Result<std::optional<RunRecord>> read_record(const store::Root& root, const store::RepoName& repo,
                                                    uint64_t number)
{
    auto record = store::read_run_record(root, repo, number);
    if (record)
        return std::optional(std::move(*record));
    if (record.error().kind == ErrorKind::not_found && !sys::exists(root.fd(), store::paths::run(repo, number)))
        return std::optional<RunRecord>();
    return std::optional(RunRecord{.repo = repo,
                                   .number = number,
                                   .state = store::RunState::errored,
                                   .reason = "its record can't be read: " + record.error().message});
}

Result<std::optional<RunRecord>> RunCursor::next()
{
    for (;;) {
        if (m_ahead.empty()) {
            if (m_before == 1)
                return std::optional<RunRecord>();
            m_ahead = TRY(store::newest_runs(*m_root, m_repo, m_batch, m_before));
            m_before = m_ahead.size() < m_batch ? 1 : m_ahead.back();
            std::reverse(m_ahead.begin(), m_ahead.end());
            m_batch = std::min<size_t>(m_batch * 4, 1000);
            if (m_ahead.empty())
                return std::optional<RunRecord>();
        }
        uint64_t number = m_ahead.back();
        m_ahead.pop_back();
        auto record = TRY(read_record(*m_root, m_repo, number));
        if (record && m_filter.matches(*record))
            return record;
    }
}

Result<std::vector<RunRecord>> list_runs(const store::Root& root, const store::RepoName& repo, size_t limit,
                                         uint64_t before, const RunFilter& filter)
{
    std::vector<RunRecord> runs;
    RunCursor cursor(root, repo, before, filter);
    while (runs.size() < limit) {
        auto record = TRY(cursor.next());
        if (!record)
            break;
        runs.push_back(std::move(*record));
    }
    return runs;
}

Result<std::vector<RunRecord>> list_all_runs(const store::Root& root, size_t limit, const RunFilter& filter)
{
    struct Front {
        RunRecord newest;
        RunCursor cursor;
    };
    std::vector<Front> fronts;
    for (store::RepoName& repo : TRY(store::list_repositories(root))) {
        RunCursor cursor(root, std::move(repo), 0, filter);
        if (auto newest = TRY(cursor.next()))
            fronts.push_back({std::move(*newest), std::move(cursor)});
    }
    auto is_older = [](const Front& a, const Front& b) { return a.newest.queued_at < b.newest.queued_at; };
    std::make_heap(fronts.begin(), fronts.end(), is_older);
    std::vector<RunRecord> runs;
    while (!fronts.empty() && runs.size() < limit) {
        std::pop_heap(fronts.begin(), fronts.end(), is_older);
        Front& front = fronts.back();
        runs.push_back(std::move(front.newest));
        if (auto following = TRY(front.cursor.next())) {
            front.newest = std::move(*following);
            std::push_heap(fronts.begin(), fronts.end(), is_older);
        } else {
            fronts.pop_back();
        }
    }
    return runs;
}

Result<RunRecord> find_run(const store::Root& root, const store::RepoName& repo, std::optional<uint64_t> number)
{
    TRY(root.open_repository(repo)); // fails with "there is no repository" if there is none
    if (!number) {
        auto newest = TRY(store::newest_runs(root, repo, 1));
        if (newest.empty())
            return fail(ErrorKind::not_found, "{} has no runs yet", repo.str());
        number = newest[0];
    }
    if (!sys::exists(root.fd(), store::paths::run(repo, *number)))
        return fail(ErrorKind::not_found, "{} has no run #{}; see: quire runs {}", repo.str(), *number, repo.str());
    return store::read_run_record(root, repo, *number);
}

std::optional<int64_t> duration_of(const RunRecord& record, Instant at)
{
    if (record.started_at == 0)
        return std::nullopt;
    return std::max<int64_t>((record.ended_at != 0 ? record.ended_at : at) - record.started_at, 0);
}

} // namespace quire::forge
