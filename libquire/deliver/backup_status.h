// What is to be said of a backup: how far it is behind, and whether what is at the target is what was stored there.
#pragma once

#include "deliver/backup_ship.h"
#include "store/push_chain.h"

namespace quire::deliver {

/// Pushes that are not stored yet.
struct Backlog {
    uint64_t pushes = 0;       ///< records of push logs
    uint64_t repositories = 0; ///< that have some
    Instant oldest = 0;        ///< when the first of them was pushed
};
Result<Backlog> find_backlog(const store::Root& root);

/// What a check found; the last one is kept in backup/checked.json.
struct BackupCheck {
    Instant at = 0;
    uint64_t objects = 0;            ///< that should be there
    uint64_t read = 0;               ///< that were read back whole
    std::vector<std::string> faults; ///< one line each
};
Result<std::optional<BackupCheck>> last_backup_check(const store::Root& root);

/// Holds the list of the target against what was stored, reads back the newest object and `sample` others (all with
/// `whole`), and holds them against the key and each other. Keeps what it found.
enum class Extent { sample, whole };
Result<BackupCheck> check_backup(const Backup& backup, Extent extent, size_t sample);

} // namespace quire::deliver
