// How a backup is doing, for whoever asks: backup status, doctor.
#pragma once

#include "deliver/backup_status.h"

namespace quire::deliver {

struct BackupHealth {
    BackupSettings settings;
    std::optional<BackupPosition> position;
    Backlog backlog;
    std::optional<BackupCheck> check;
    std::vector<std::string> failures; ///< what an operator has to see to, one line each

    bool is_well() const { return failures.empty(); }
};

/// nullopt where there is no backup.
Result<std::optional<BackupHealth>> examine_backup(const store::Root& root);

} // namespace quire::deliver
