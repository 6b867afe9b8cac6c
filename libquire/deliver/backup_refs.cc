#include "deliver/backup_refs.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/log.h"
#include "base/strings.h"
#include "store/push_log.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::deliver {

namespace paths = store::paths;

namespace {

using Pushes = std::map<std::string, PushUnderWay>; // by the id of the push

/// Those that git is still at. What became of a push whose process died stays as it is.
Result<void> add_living(const store::Root& root, const store::RepoName& name, Pushes& pushes)
{
    for (const std::string& id : TRY(store::list_intents(root))) {
        if (pushes.contains(id) || !store::receiver_lives(id))
            continue;
        auto intent = store::read_intent(root, id);
        if (!intent) // the runner sets it aside and says so
            log("{}", intent.error().message);
        else if (*intent && (*intent)->repo == name)
            pushes[id] = {(*intent)->at, std::move((*intent)->updates)};
    }
    return {};
}

/// Those that were recorded since.
Result<void> add_recorded(int repository, uint64_t log_size, Pushes& pushes)
{
    auto opened = sys::open_at(repository, paths::push_log, O_RDONLY | O_NOFOLLOW);
    if (!opened && opened.error().kind == ErrorKind::not_found)
        return {};
    UniqueFd log = TRY(std::move(opened));
    uint64_t size = static_cast<uint64_t>(TRY(sys::stamp_of(log.get(), paths::push_log)).size);
    if (size <= log_size)
        return {};
    std::string lines = TRY(sys::read_at(log.get(), log_size, size - log_size));
    std::set<std::string> known;
    for (const auto& [id, push] : pushes)
        known.insert(id);
    for (std::string_view line : split(lines, '\n')) {
        auto entry = store::parse_push_log_line(line);
        if (!entry || known.contains(entry->push_id))
            continue;
        PushUnderWay& push = pushes[entry->push_id];
        push.at = entry->at;
        push.updates.push_back({entry->old_id, entry->new_id, entry->ref});
    }
    return {};
}

std::string_view value_of(const Refs& refs, const std::string& ref)
{
    auto found = refs.find(ref);
    return found == refs.end() ? std::string_view() : found->second;
}

bool has_moved(const Refs& refs, const store::RefUpdate& update)
{
    std::string_view value = value_of(refs, update.ref);
    return store::is_null_id(update.new_id) ? value.empty() : value == update.new_id;
}

bool put_back(Refs& refs, const PushUnderWay& push)
{
    std::vector<const store::RefUpdate*> moved;
    bool all = true;
    for (const store::RefUpdate& update : push.updates) {
        if (update.old_id == update.new_id)
            continue;
        if (has_moved(refs, update))
            moved.push_back(&update);
        else
            all = false;
    }
    if (all || moved.empty())
        return false;
    for (const store::RefUpdate* update : moved)
        if (store::is_null_id(update->old_id))
            refs.erase(update->ref);
        else
            refs[update->ref] = update->old_id;
    return true;
}

} // namespace

bool put_back_halves(Refs& refs, std::vector<PushUnderWay> pushes)
{
    // The last first: before it, its refs were where an earlier one moves them.
    std::stable_sort(pushes.begin(), pushes.end(),
                     [](const PushUnderWay& a, const PushUnderWay& b) { return a.at > b.at; });
    bool any = false;
    for (const PushUnderWay& push : pushes)
        any |= put_back(refs, push);
    return any;
}

Result<SettledRefs> read_settled_refs(const store::Root& root, const store::RepoName& name, int repository,
                                      uint64_t log_size)
{
    // A push that moves refs while they are read has its intent now, or when they have been read, or is in the log
    // then.
    Pushes pushes;
    TRY(add_living(root, name, pushes));
    SettledRefs settled{.refs = TRY(git::list_refs(repository, git::BrokenRefs::refuse))};
    TRY(add_living(root, name, pushes));
    TRY(add_recorded(repository, log_size, pushes));
    std::vector<PushUnderWay> all;
    for (auto& [id, push] : pushes)
        all.push_back(std::move(push));
    settled.held_back = put_back_halves(settled.refs, std::move(all));
    return settled;
}

} // namespace quire::deliver
