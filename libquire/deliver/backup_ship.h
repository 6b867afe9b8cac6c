// Stores what changed, begins new generations, and lets go of old ones.
#pragma once

#include <memory>

#include "deliver/backup_collect.h"
#include "deliver/backup_seal.h"
#include "deliver/backup_target.h"

namespace quire::deliver {

/// All that is needed to work on the backup of a root.
struct Backup {
    const store::Root& root;
    BackupSettings settings;
    BackupKey key;
    std::unique_ptr<BackupTarget> target;

    /// not_found where there is none.
    static Result<Backup> open(const store::Root& root);
};

struct Shipped {
    uint64_t objects = 0;
    uint64_t bytes = 0;
    bool wants_compacting = false; ///< restoring from this generation takes ever longer
    /// Repositories that could not be read, and why: what the target has of them is from before. The rest is stored.
    std::vector<std::string> troubles;
};

/// Stores what changed since the last time, or everything if that never happened. Waits while another one does.
Result<Shipped> ship(const Backup& backup, Thorough thorough);

/// Begins a generation, or goes on with one that was begun; pushes are stored in the old one meanwhile. Drops what is
/// older than it has to be. ErrorKind::busy while another one does.
Result<Shipped> begin_generation(const Backup& backup);

} // namespace quire::deliver
