#include "runner/succession.h"

#include <algorithm>

#include "store/intent.h"

namespace quire::runner {

bool can_be_superseded(const store::RunRecord& record)
{
    return record.source == "push" && record.reran == 0 && record.ref.starts_with("refs/heads/");
}

static bool tells_of(const git::ReflogEntry& entry, const store::RunRecord& run)
{
    bool same_old = run.previous_sha.empty() ? store::is_null_id(entry.old_id) : entry.old_id == run.previous_sha;
    return same_old && entry.new_id == run.sha;
}

std::map<uint64_t, uint64_t> find_superseded(const std::vector<git::ReflogEntry>& reflog,
                                             std::vector<const store::RunRecord*> runs)
{
    // A branch can move from one commit to another more than once: later runs belong to later entries.
    std::sort(runs.begin(), runs.end(), [](const auto* a, const auto* b) { return a->number > b->number; });
    std::vector<bool> taken(reflog.size(), false);
    std::map<uint64_t, size_t> positions;
    for (const store::RunRecord* run : runs)
        for (size_t i = reflog.size(); i-- > 0;)
            if (!taken[i] && tells_of(reflog[i], *run)) {
                taken[i] = true;
                positions[run->number] = i;
                break;
            }
    std::map<uint64_t, uint64_t> superseded;
    if (positions.empty())
        return superseded;
    auto newest = std::max_element(positions.begin(), positions.end(),
                                   [](const auto& a, const auto& b) { return a.second < b.second; });
    for (const auto& [number, position] : positions)
        if (number != newest->first)
            superseded.emplace(number, newest->first);
    return superseded;
}

} // namespace quire::runner
