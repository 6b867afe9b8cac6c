// How a backup begins.
#pragma once

#include "deliver/backup.h"
#include "deliver/backup_target.h"

namespace quire::deliver {

/// Makes its key, tries whether the target keeps, lists and gives back what is stored there, and writes the settings,
/// which switch it on. `wanted.id` is chosen here. ErrorKind::exists where there is one already.
Result<BackupKey> begin_backup(const store::Root& root, BackupSettings wanted);

} // namespace quire::deliver
