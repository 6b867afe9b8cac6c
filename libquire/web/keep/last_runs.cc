#include "web/keep/last_runs.h"

#include "store/bisect_source.h"
#include "store/run_directory.h"
#include "sys/stamp.h"

namespace quire::web {

std::shared_ptr<const LastRuns::Last> LastRuns::find(int runs, const store::RepoName& name)
{
    auto next = sys::stamp_at(runs, store::paths::runs_next);
    if (!next || !*next)
        return nullptr;
    std::string state = (*next)->str();
    if (auto known = m_known.find(name.str(), state))
        return known;
    constexpr size_t most_skipped = 20;
    auto numbers = store::newest_runs(runs, most_skipped);
    if (!numbers)
        return nullptr;
    for (uint64_t number : *numbers) {
        auto record = store::read_run_record_in(runs, name, number);
        if (!record)
            return nullptr;
        if (record->state == store::RunState::skipped || store::is_of_bisection(*record))
            continue;
        bool may_change = !store::is_terminal(record->state);
        return m_known.keep(name.str(), {{record->number, record->state}, sizeof(Last), may_change}, std::move(state));
    }
    return nullptr;
}

} // namespace quire::web
