#include "web/keep/last_runs.h"

#include "store/bisect_source.h"
#include "store/run_directory.h"

namespace quire::web {

std::optional<LastRuns::Last> LastRuns::find(int runs, const store::RepoName& name)
{
    auto stamp = sys::stamp_at(runs, store::paths::runs_next);
    if (!stamp || !*stamp)
        return std::nullopt;
    Known known{**stamp, {}};
    {
        std::lock_guard lock(m_mutex);
        auto found = m_known.find(name);
        if (found != m_known.end() && found->second.next == known.next && found->second.last &&
            store::is_terminal(found->second.last->state))
            return found->second.last;
    }
    constexpr size_t most_skipped = 20;
    auto numbers = store::newest_runs(runs, most_skipped);
    if (!numbers)
        return std::nullopt;
    for (uint64_t number : *numbers) {
        auto record = store::read_run_record_in(runs, name, number);
        if (!record)
            return std::nullopt;
        if (record->state == store::RunState::skipped || store::is_of_bisection(*record))
            continue;
        known.last = Last{record->number, record->state};
        break;
    }
    if (!known.last)
        return std::nullopt;
    std::lock_guard lock(m_mutex);
    m_known[name] = known;
    return known.last;
}

} // namespace quire::web
