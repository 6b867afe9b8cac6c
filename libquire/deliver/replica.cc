#include "deliver/replica.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "deliver/backup_restore.h"
#include "deliver/helper.h"
#include "deliver/replica_update.h"
#include "git/git.h"
#include "store/layout.h"
#include "store/repositories.h"
#include "sys/file.h"

namespace quire::deliver {

namespace paths = store::paths;
using store::ReplicaState;

/// In the spool: a root made from a whole generation.
constexpr const char* next_root = "next";

static Result<void> make_replica(BackupTarget& target, const BackupKey& key, const ReplicaWish& wish)
{
    Restored restored =
        TRY(restore_backup(target, key, {.root = wish.root, .identity = wish.identity, .is_replica = true}));
    for (const std::string& complaint : restored.complaints)
        log("{}", complaint);
    return {};
}

/// nullopt: there is nothing yet.
static Result<std::optional<ReplicaState>> state_at(const std::string& path)
{
    auto root = store::Root::open(path);
    if (!root && root.error().kind == ErrorKind::not_found)
        return std::optional<ReplicaState>();
    auto state = TRY(store::read_replica(TRY(std::move(root))));
    if (!state && !TRY(sys::list_directory(AT_FDCWD, path)).empty())
        return fail(ErrorKind::exists, "{} is no replica: what is there would be lost, so choose another place", path);
    return state;
}

Result<Replica> Replica::open(BackupTarget& target, const BackupKey& key, const ReplicaWish& wish)
{
    auto state = TRY(state_at(wish.root));
    if (!state)
        TRY(make_replica(target, key, wish));
    store::Root root = TRY(store::Root::open(wish.root));
    auto lock = TRY(sys::FileLock::try_acquire(root.fd(), paths::replica_lock));
    if (!lock)
        return fail(ErrorKind::busy, "another process keeps {} current", root.path());
    // Anew, now that nobody else writes it.
    auto now = TRY(store::read_replica(root));
    if (!now || now->backup != key.id)
        return fail(ErrorKind::refused, "{} is a replica of the backup {}, and the key is that of {}", root.path(),
                    now ? visible(now->backup) : "none", key.id);
    return Replica(target, key, wish.identity, std::move(root), std::move(*lock), std::move(*now));
}

Result<void> Replica::note(ReplicaState state, store::Durability durability)
{
    state.target = m_target->shown();
    TRY(store::write_replica(m_root.fd(), state, durability));
    m_state = std::move(state);
    return {};
}

Result<uint64_t> Replica::catch_up()
{
    auto applied = apply_new();
    ReplicaState state = m_state;
    bool was_in_trouble = state.trouble_since != 0;
    if (!applied) {
        state.trouble = visible(applied.error().message);
        state.trouble_since = was_in_trouble ? state.trouble_since : now();
    } else {
        state.trouble.clear();
        state.trouble_since = 0;
        state.looked_at = now();
    }
    TRY(note(std::move(state), store::Durability::unsynced));
    return applied;
}

/// Each object of the backup brings a pack. Not git gc, which writes to reflogs.
void Replica::tidy(const std::set<std::string>& repositories) const
{
    constexpr size_t many = 60; // a pack and its index are two
    constexpr int64_t time_to_pack = 3600 * nanoseconds_per_second;
    for (const std::string& name : repositories) {
        auto repository =
            sys::open_beneath(m_root.fd(), fmt::format("{}/{}", paths::repositories, name), O_RDONLY | O_DIRECTORY);
        if (!repository)
            continue;
        auto packs = sys::list_directory(repository->get(), "objects/pack");
        if (!packs || packs->size() < many)
            continue;
        auto packed =
            git::run_ok(repository->get(), {"repack", "-d", "-l", "-q", "--geometric=2"}, {.timeout = time_to_pack});
        if (packed)
            packed = git::run_ok(repository->get(),
                                 {"commit-graph", "write", "--reachable", "--changed-paths", "--no-progress"},
                                 {.timeout = time_to_pack});
        if (!packed)
            log("{}: {}", name, packed.error().message);
    }
}

Result<uint64_t> Replica::apply_new()
{
    uint64_t applied = 0;
    for (;;) {
        std::map<uint64_t, std::set<uint64_t>> generations;
        for (const auto& [name, size] : TRY(m_target->list()))
            if (auto object = ObjectName::parse(name); object && object->backup == m_key->id)
                generations[object->generation].insert(object->number);
        const std::set<uint64_t>& numbers = generations[m_state.generation];
        ObjectName next{m_key->id, m_state.generation, m_state.number + 1};
        for (; numbers.contains(next.number); next.number++, applied++)
            TRY(apply(next));
        auto newest = generations.rbegin();
        bool is_over = newest->first > m_state.generation &&
                       TRY(is_complete({m_key->id, newest->first, *newest->second.rbegin()}));
        if (is_over) {
            TRY(change_generation());
            applied++;
            continue;
        }
        if (!numbers.empty() && *numbers.rbegin() > m_state.number)
            return fail(ErrorKind::invalid, "{}: it is missing at {}", next.str(), m_target->shown());
        if (numbers.empty() || *numbers.rbegin() < m_state.number)
            return fail(ErrorKind::invalid, "{} went back: {}, which is here already, is no longer there",
                        m_target->shown(), ObjectName{m_key->id, m_state.generation, m_state.number}.str());
        return applied;
    }
}

/// What a killed one left is gone.
Result<UniqueFd> Replica::empty_spool() const
{
    TRY(sys::remove_tree(m_root.fd(), paths::replica_spool));
    TRY(sys::make_directories(m_root.fd(), paths::replica_spool, 0700));
    return sys::open_directory(m_root.fd(), paths::replica_spool);
}

Result<Replica::Object> Replica::fetch(const ObjectName& name, int spool)
{
    Object object{.opened = {}, .file = TRY(scratch_in(spool))};
    auto fetched = m_target->fetch(name.str(), object.file.get());
    if (!fetched)
        return with_context(std::move(fetched).error(), name.str());
    auto opened = check_seal(*m_key, object.file.get());
    if (!opened)
        return with_context(std::move(opened).error(), name.str());
    object.opened = std::move(*opened);
    const ObjectHead& head = object.opened.head;
    if (head.generation != name.generation || head.number != name.number)
        return fail(ErrorKind::invalid, "{}: it was stored in another place", name.str());
    return object;
}

Result<void> Replica::apply(const ObjectName& name)
{
    UniqueFd spool = TRY(empty_spool());
    Object object = TRY(fetch(name, spool.get()));
    const ObjectHead& head = object.opened.head;
    if (head.before != m_state.mark)
        return fail(ErrorKind::invalid, "{}: what was before it was put back to an earlier state", name.str());
    UniqueFd payload = TRY(scratch_in(spool.get()));
    auto unsealed = unseal(object.file.get(), object.opened, m_identity, payload.get());
    if (!unsealed)
        return with_context(std::move(unsealed).error(), name.str());
    ReplicaUpdate update(m_root, spool.get());
    auto applied = [&]() -> Result<void> {
        TRY(update.read(payload.get()));
        return update.publish();
    }();
    if (!applied)
        return with_context(std::move(applied).error(), name.str());
    for (const std::string& complaint : update.complaints())
        log("{}: {}", name.str(), complaint);
    ReplicaState state = m_state;
    state.number = name.number;
    state.mark = object.opened.mark;
    state.at = head.at;
    state.applied_at = now();
    TRY(note(std::move(state), store::Durability::synced));
    tidy(update.touched());
    return sys::remove_tree(m_root.fd(), paths::replica_spool);
}

/// A generation counts when it has a delta: its newest object is one then.
Result<bool> Replica::is_complete(const ObjectName& newest)
{
    if (newest.str() == m_known_part)
        return false;
    UniqueFd spool = TRY(empty_spool());
    Object object = TRY(fetch(newest, spool.get()));
    if (object.opened.head.kind == ObjectKind::delta)
        return true;
    m_known_part = newest.str();
    return false;
}

namespace {

/// The files of a root that belong to no repository, along the table of what is to be kept.
class RootFiles {
public:
    explicit RootFiles(const store::Root& root) : m_root(root) {}

    Result<std::set<std::string>> list()
    {
        TRY(enter(""));
        return std::move(m_found);
    }

private:
    Result<void> enter(const std::string& directory)
    {
        for (const std::string& name : TRY(sys::list_directory(m_root.fd(), directory.empty() ? "." : directory))) {
            std::string path = directory.empty() ? name : directory + "/" + name;
            auto status = TRY(sys::stat_at(m_root.fd(), path));
            if (!status || !repository_in(path).empty() || path == paths::repositories || path == paths::replica)
                continue;
            const store::LayoutRow* row = store::find_in_layout(path);
            bool kept = row && row->worth == store::Worth::durable;
            if (S_ISDIR(status->st_mode) && (kept || store::leads_into_layout(path)))
                TRY(enter(path));
            else if (!S_ISDIR(status->st_mode) && kept)
                m_found.insert(path);
        }
        return {};
    }

    const store::Root& m_root;
    std::set<std::string> m_found;
};

} // namespace

/// A root of all that the new generation holds, and then part by part what is here gives way to it.
Result<void> Replica::change_generation()
{
    UniqueFd spool = TRY(empty_spool());
    std::string place = m_root.absolute(fmt::format("{}/{}", paths::replica_spool, next_root));
    Restored restored = TRY(restore_backup(*m_target, *m_key, {.root = place, .identity = m_identity}));
    if (restored.at < m_state.at || restored.generation <= m_state.generation)
        return fail(ErrorKind::invalid, "{} has nothing newer than {} that is whole{}{}", m_target->shown(),
                    format_instant(m_state.at), restored.complaints.empty() ? "" : ": ",
                    join(restored.complaints, "; "));
    store::Root next = TRY(store::Root::open(place));
    std::set<std::string> there;
    for (const store::RepoName& name : TRY(store::list_repositories(next))) {
        there.insert(name.str());
        if (sys::exists(next.fd(), paths::repository_runs(name)))
            TRY(put_in_place(m_root, next.fd(), paths::repository_runs(name)));
        TRY(put_in_place(m_root, next.fd(), paths::repository(name)));
    }
    for (const store::RepoName& name : TRY(store::list_repositories(m_root)))
        if (!there.contains(name.str())) {
            TRY(put_away(m_root, spool.get(), paths::repository(name)));
            TRY(put_away(m_root, spool.get(), paths::repository_runs(name)));
        }
    std::set<std::string> files = TRY(RootFiles(next).list());
    for (const std::string& path : TRY(RootFiles(m_root).list()))
        if (!files.contains(path))
            TRY(put_away(m_root, spool.get(), path));
    for (const std::string& path : files)
        TRY(put_in_place(m_root, next.fd(), path));
    TRY(sys::sync_filesystem(m_root.fd(), m_root.path()));
    ReplicaState state = m_state;
    state.generation = restored.generation;
    state.number = restored.objects;
    state.mark = restored.mark;
    state.at = restored.at;
    state.applied_at = now();
    TRY(note(std::move(state), store::Durability::synced));
    return sys::remove_tree(m_root.fd(), paths::replica_spool);
}

} // namespace quire::deliver
