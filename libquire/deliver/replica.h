// Keeps a replica: a data root that is made from a backup and follows it, so that pages are served from another
// machine, seconds behind. The backup's target and key are all that it needs of the forge.
//
// Each object is checked as restoring checks it before any of it is used: that the forge marked it, and that it belongs
// behind the one before it. When a generation of the backup took another one's place, its objects make a root in the
// spool, whose parts then take the places of those that are there.
//
// replica/state.json names the last object that is here. It is replaced after that object was applied, so whoever is
// killed in between applies it again (replica_update.h).
#pragma once

#include <set>
#include <string>

#include "deliver/backup_seal.h"
#include "deliver/backup_target.h"
#include "store/replica.h"
#include "sys/lock.h"

namespace quire::deliver {

struct ReplicaWish {
    std::string root;     ///< where; made if it is missing or empty
    std::string identity; ///< of age, a file; "" where none is needed
};

class Replica {
public:
    /// Makes the root if there is none. An error if it is a root of another kind or of another backup, and
    /// ErrorKind::busy while somebody else keeps it.
    static Result<Replica> open(BackupTarget& target, const BackupKey& key, const ReplicaWish& wish);

    const store::Root& root() const { return m_root; }
    const store::ReplicaState& state() const { return m_state; }

    /// Applies what is new at the target; how many objects that was. An error is noted in the state, too, and leaves
    /// the root as it was.
    Result<uint64_t> catch_up();

private:
    Replica(BackupTarget& target, const BackupKey& key, std::string identity, store::Root root, sys::FileLock lock,
            store::ReplicaState state)
        : m_target(&target), m_key(&key), m_identity(std::move(identity)), m_root(std::move(root)),
          m_lock(std::move(lock)), m_state(std::move(state))
    {}

    struct Object {
        Opened opened;
        UniqueFd file;
    };

    Result<uint64_t> apply_new();
    Result<UniqueFd> empty_spool() const;
    Result<Object> fetch(const ObjectName& name, int spool);
    Result<void> apply(const ObjectName& name);
    Result<bool> is_complete(const ObjectName& newest);
    Result<void> change_generation();
    void tidy(const std::set<std::string>& repositories) const;
    Result<void> note(store::ReplicaState state, store::Durability durability);

    BackupTarget* m_target;
    const BackupKey* m_key;
    std::string m_identity;
    store::Root m_root;
    sys::FileLock m_lock;
    store::ReplicaState m_state;
    std::string m_known_part; ///< an object that ends no complete generation
};

} // namespace quire::deliver
