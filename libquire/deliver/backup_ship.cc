#include "deliver/backup_ship.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "deliver/helper.h"
#include "store/push_log.h"
#include "store/repositories.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "sys/stamp.h"

namespace quire::deliver {

namespace paths = store::paths;

/// Of the payload of one object, more or less: what is lost with a connection that breaks.
constexpr uint64_t enough = 64u << 20;
constexpr int64_t sweep_every = 3600 * nanoseconds_per_second;
constexpr int64_t day = 86400 * nanoseconds_per_second;
/// A generation is as old as this before it is worth another one.
constexpr uint64_t most_deltas = 2000;
constexpr uint64_t least_bytes = 64u << 20;

Result<Backup> Backup::open(const store::Root& root)
{
    auto settings = TRY(read_backup_settings(root));
    if (!settings)
        return fail(ErrorKind::not_found, "there is no backup yet: quire backup init TARGET begins one");
    BackupKey key = TRY(read_backup_key(root.fd(), paths::backup_key));
    if (key.id != settings->id)
        return fail(ErrorKind::invalid, "{} is the key of another backup than {} says", paths::backup_key,
                    paths::backup_settings);
    auto target = TRY(open_backup_target(settings->target));
    return Backup{root, std::move(*settings), std::move(key), std::move(target)};
}

static std::string name_of(const Backup& backup, const BackupPosition& position, uint64_t number)
{
    return ObjectName{backup.settings.id, position.generation, number}.str();
}

namespace {

/// One object: what changed, as far as it is not too much.
class Shipment {
public:
    Shipment(const Backup& backup, BackupPosition& position, BackupScopes& scopes)
        : m_backup(backup), m_position(position), m_scopes(scopes)
    {}

    /// false: nothing has changed, and nothing was stored; but a delta that is `wanted` may be empty.
    Result<bool> store(ObjectKind kind, Thorough thorough, bool wanted)
    {
        TRY(sys::make_directories(m_backup.root.fd(), paths::backup_spool, 0700));
        UniqueFd spool = TRY(sys::open_directory(m_backup.root.fd(), paths::backup_spool));
        UniqueFd content = TRY(scratch_in(spool.get()));
        BackupPayload payload(m_backup.root, content.get());
        m_changed.clear();
        more = false;
        if (auto failed = TRY(collect(payload, thorough)); !failed.empty()) {
            // What it has told so far would be half a story: all over again without it.
            m_left_out.insert(std::move(failed));
            return store(kind, thorough, wanted);
        }
        if (m_changed.empty() && !wanted)
            return false;
        TRY(payload.finish());
        // A generation is complete with the object after which nothing is left, and not before.
        if (more && !m_position.complete)
            kind = ObjectKind::part;
        if (kind == ObjectKind::delta)
            TRY(announce_completion());
        BackupPosition next = m_position;
        next.number++;
        next.at = std::max(now(), m_position.at + 1);
        UniqueFd object = TRY(scratch_in(spool.get()));
        ObjectHead head{.generation = next.generation,
                        .number = next.number,
                        .kind = kind,
                        .at = next.at,
                        .before = m_position.mark};
        next.mark = TRY(seal(m_backup.key, head, content.get(), m_backup.settings.recipients, object.get()));
        size = static_cast<uint64_t>(TRY(sys::stamp_of(object.get(), "an object")).size);
        std::string earlier = m_position.number == 0 ? "" : name_of(m_backup, m_position, m_position.number);
        TRY(m_backup.target->store(name_of(m_backup, next, next.number), object.get(), earlier));
        for (const auto& [scope, state] : m_changed)
            TRY(m_scopes.write(scope, next.number, state));
        (next.complete ? next.bytes : next.base_bytes) += size;
        if (thorough == Thorough::yes && !more)
            next.swept_at = next.at;
        if (kind == ObjectKind::delta && !next.complete) {
            next.complete = true;
            next.complete_at = next.at;
            next.base_number = next.number;
        }
        TRY(write_backup_position(m_backup.root, next));
        m_position = next;
        m_scopes.settle();
        return true;
    }

    bool more = false; ///< than went into it
    uint64_t size = 0;
    std::vector<std::string> troubles; ///< repositories that could not be stored, and why

private:
    /// Who restores takes the newest generation that is complete at the target. From the moment on that this one may
    /// be, also if we die before we know, nothing may be stored in another.
    Result<void> announce_completion()
    {
        if (m_position.complete || m_position.closing)
            return {};
        m_position.closing = true;
        return write_backup_position(m_backup.root, m_position);
    }

    Result<void> take(const std::string& name, BackupScope& scope, const Collected& collected)
    {
        more = more || collected.more;
        if (collected.changed)
            m_changed.emplace(name, std::move(scope));
        return {};
    }

    /// The name of a repository that can't be collected; its trouble is noted. "" when all went well.
    Result<std::string> collect(BackupPayload& payload, Thorough thorough)
    {
        Collection collection{m_backup.root, m_backup.settings, thorough, enough};
        BackupScope root = TRY(m_scopes.read(root_scope));
        TRY(take(root_scope, root, TRY(collect_root(collection, root, payload))));
        std::vector<store::RepoName> all = TRY(store::list_repositories(m_backup.root));
        // Who is gone first: a repository that was renamed to its name comes after it.
        std::set<std::string> there;
        for (const store::RepoName& name : all)
            there.insert(name.component());
        for (const std::string& name : m_scopes.names()) {
            if (name == root_scope || there.contains(name))
                continue;
            BackupScope scope = TRY(m_scopes.read(name));
            TRY(take(name, scope, TRY(collect_gone(name, scope, payload))));
        }
        for (const store::RepoName& name : all) {
            if (payload.size() > enough) {
                more = true;
                return std::string();
            }
            if (m_left_out.contains(name.component()))
                continue;
            BackupScope scope = TRY(m_scopes.read(name.component()));
            auto collected = collect_repository(collection, name, scope, payload);
            if (!collected && collected.error().kind == ErrorKind::not_found && !m_backup.root.has_repository(name))
                continue; // removed meanwhile, and seen the next time
            if (!collected) {
                troubles.push_back(fmt::format("{}: {}", name.str(), collected.error().message));
                return name.component();
            }
            TRY(take(name.component(), scope, *collected));
        }
        return std::string();
    }

    const Backup& m_backup;
    BackupPosition& m_position;
    BackupScopes& m_scopes;
    std::map<std::string, BackupScope> m_changed;
    std::set<std::string> m_left_out;
};

} // namespace

static Result<sys::FileLock> lock_backup(const store::Root& root)
{
    TRY(sys::make_directories(root.fd(), paths::backup_directory, 0700));
    return sys::FileLock::acquire(root.fd(), paths::backup_lock);
}

/// Stores until nothing has changed. REQUIRES: nobody else writes to this generation.
static Result<void> store_all(const Backup& backup, BackupPosition& position, ObjectKind kind, Thorough thorough,
                              Shipped& shipped)
{
    BackupScopes scopes = TRY(BackupScopes::open(backup.root, position, BackupScopes::Use::for_writing));
    bool wanted = kind == ObjectKind::delta && !position.complete;
    for (bool more = true; more;) {
        Shipment shipment(backup, position, scopes);
        bool stored = TRY(shipment.store(kind, thorough, wanted));
        shipped.troubles = std::move(shipment.troubles);
        if (!stored)
            break;
        more = shipment.more;
        wanted = false;
        shipped.objects++;
        shipped.bytes += shipment.size;
    }
    return {};
}

static bool wants_compacting(const BackupPosition& position)
{
    bool many = position.number - position.base_number > most_deltas;
    bool large = position.bytes > std::max(position.base_bytes, least_bytes);
    return (many || large) && now() - position.complete_at > day;
}

Result<Shipped> ship(const Backup& backup, Thorough thorough)
{
    Shipped shipped;
    {
        sys::FileLock lock = TRY(lock_backup(backup.root));
        std::vector<BackupPosition> positions = TRY(read_backup_positions(backup.root));
        auto position = unfinished_position(positions);
        if (position && position->closing)
            TRY(store_all(backup, *position, ObjectKind::delta, Thorough::yes, shipped));
        else
            position = current_position(positions);
        if (position) {
            if (now() - position->swept_at > sweep_every || position->swept_at > now())
                thorough = Thorough::yes;
            TRY(store_all(backup, *position, ObjectKind::delta, thorough, shipped));
            shipped.wants_compacting = wants_compacting(*position);
            return shipped;
        }
    }
    return begin_generation(backup);
}

/// What no generation of ours claims, and generations that are older than the operator wants.
static Result<void> drop_old(const Backup& backup)
{
    std::vector<BackupPosition> positions = TRY(read_backup_positions(backup.root));
    std::set<uint64_t> kept;
    Instant over_at = 0; // of a complete one: when the next complete one took its place
    for (auto position = positions.rbegin(); position != positions.rend(); ++position) {
        bool is_newest = position == positions.rbegin();
        bool is_young = over_at == 0 || now() - over_at < backup.settings.keep_days * day;
        if (is_newest || (position->complete && is_young))
            kept.insert(position->generation);
        if (position->complete)
            over_at = position->complete_at;
    }
    // From the first object on: half a generation has no beginning, so nobody takes it for a whole one.
    for (const auto& [name, size] : TRY(backup.target->list())) {
        auto object = ObjectName::parse(name);
        if (object && object->backup == backup.settings.id && !kept.contains(object->generation))
            TRY(backup.target->drop(name));
    }
    for (const BackupPosition& position : positions)
        if (!kept.contains(position.generation))
            TRY(forget_generation(backup.root, position.generation));
    return {};
}

/// One that no generation had, here or there: the box may have lost what it knew.
static Result<uint64_t> new_generation(const Backup& backup, const std::vector<BackupPosition>& positions)
{
    uint64_t highest = positions.empty() ? 0 : positions.back().generation;
    for (const auto& [name, size] : TRY(backup.target->list()))
        if (auto object = ObjectName::parse(name); object && object->backup == backup.settings.id)
            highest = std::max(highest, object->generation);
    return highest + 1;
}

Result<Shipped> begin_generation(const Backup& backup)
{
    TRY(sys::make_directories(backup.root.fd(), paths::backup_directory, 0700));
    auto alone = TRY(sys::FileLock::try_acquire(backup.root.fd(), paths::backup_compact_lock));
    if (!alone)
        return fail(ErrorKind::busy, "another process begins a generation of the backup");
    std::vector<BackupPosition> positions = TRY(read_backup_positions(backup.root));
    auto unfinished = unfinished_position(positions);
    BackupPosition position =
        unfinished ? *unfinished : BackupPosition{.generation = TRY(new_generation(backup, positions))};
    Shipped shipped;
    if (!position.closing)
        TRY(store_all(backup, position, ObjectKind::part, Thorough::yes, shipped));
    {
        // The last step alone keeps pushes from being stored in the old one.
        sys::FileLock lock = TRY(lock_backup(backup.root));
        // Of a closing one somebody else may have taken that step.
        for (const BackupPosition& now : TRY(read_backup_positions(backup.root)))
            position = now.generation == position.generation ? now : position;
        TRY(store_all(backup, position, ObjectKind::delta, Thorough::yes, shipped));
    }
    // What can't be dropped is dropped the next time; a target may also refuse to drop anything at all.
    if (auto dropped = drop_old(backup); !dropped)
        log("old generations of the backup stay: {}", dropped.error().message);
    return shipped;
}

} // namespace quire::deliver
