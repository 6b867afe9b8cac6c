// A working data root from a backup alone, as it was at any second that the backup covers.
#pragma once

#include "deliver/backup_seal.h"
#include "deliver/backup_target.h"

namespace quire::deliver {

struct RestoreWish {
    std::string root;        ///< where; must not be there yet, or be an empty directory
    std::string identity;    ///< of age, a file; "" where none is needed
    Instant at = 0;          ///< 0: as new as there is
    bool is_replica = false; ///< the root says that it is one
};

struct Restored {
    Instant at = 0; ///< what it is from
    uint64_t generation = 0;
    uint64_t objects = 0;
    std::string mark; ///< of the last of them
    uint64_t repositories = 0;
    std::vector<std::string> complaints; ///< what to look at, one line each
};

/// The root appears by one rename, when it is whole. What the target lacks or altered is an error that names it, and
/// says until when the backup is whole; but for the newest object, which may have been stored in part: that is a
/// complaint.
Result<Restored> restore_backup(BackupTarget& target, const BackupKey& key, const RestoreWish& wish);

} // namespace quire::deliver
