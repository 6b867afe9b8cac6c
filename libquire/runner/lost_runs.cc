#include "runner/lost_runs.h"

#include <algorithm>

#include "base/log.h"
#include "store/create_run.h"
#include "store/repositories.h"
#include "store/sequence.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::runner {

constexpr int64_t look_every = 10 * nanoseconds_per_second;
/// The creator of a younger run may still be about to make its entry.
constexpr int64_t young = 2 * nanoseconds_per_second;
constexpr size_t ended_in_a_row = 32;
constexpr size_t most_at_once = 1000;

Result<void> LostRuns::scan()
{
    if (monotonic_now() < m_due)
        return {};
    m_due = monotonic_now() + look_every;
    std::vector<store::RepoName> names = TRY(store::list_repositories(m_root));
    std::erase_if(m_seen,
                  [&](const auto& seen) { return !std::binary_search(names.begin(), names.end(), seen.first); });
    Result<void> outcome;
    for (const store::RepoName& name : names)
        if (auto looked = look(name); !looked && looked.error().kind != ErrorKind::not_found)
            outcome = std::move(looked); // the other repositories are still scanned
    return outcome;
}

Result<void> LostRuns::look(const store::RepoName& name)
{
    auto next = store::peek_sequence(m_root, name);
    auto known = m_seen.find(name);
    if (!next || (known != m_seen.end() && known->second + 1 >= *next))
        return {};
    UniqueFd repository = TRY(m_root.open_repository(name));
    if (sys::exists(repository.get(), store::paths::repository_moving))
        return {};
    uint64_t seen = *next - 1;
    size_t ended = 0;
    size_t fresh = known != m_seen.end() ? std::min<uint64_t>(seen - known->second, most_at_once) : most_at_once;
    for (uint64_t number : TRY(store::newest_runs(m_root, name, fresh, *next))) {
        if (known != m_seen.end() ? number <= known->second : ended >= ended_in_a_row)
            break;
        auto record = store::read_run_record(m_root, name, number);
        bool is_queued = record && record->state == store::RunState::queued;
        ended = is_queued ? 0 : ended + 1;
        if (!is_queued)
            continue;
        if (int64_t age = now() - record->queued_at; age >= 0 && age < young) {
            seen = std::min(seen, number - 1);
            m_due = std::min(m_due, monotonic_now() + young);
            continue;
        }
        if (!TRY(store::ensure_queued(m_root, *record)))
            continue;
        sys::sweep_temporaries(m_root.fd(), store::paths::queue_new);
        log("{}: run #{} had no place in the queue: its maker died; it is queued now", name.str(), number);
    }
    m_seen.insert_or_assign(name, seen);
    return {};
}

} // namespace quire::runner
