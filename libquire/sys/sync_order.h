// What a sync brings to the disk beside its own file.
//
// XFS, and ext4 with its journal, have one order for all that is named and how long files are, and it is on the disk up
// to some moment. So where many files are to be durable together, it is enough there to have the content of each
// written out, to give them their names, and to sync the last that was changed: then all are. tests/e2e/power holds
// that. Other file systems sync a file and forget the name that another one was given before.
#pragma once

#include <string_view>

#include "base/result.h"

namespace quire::sys {

enum class SyncOrder {
    one,     ///< a sync brings along all that was before it
    files,   ///< each file and directory has its own, but a sync of a new file brings along its names: ext4 without a
             ///< journal, of which little is sure after a power failure
    unknown, ///< only a sync of the whole file system brings along what others named
};

SyncOrder sync_order_of(int fd);
/// Whether it is SyncOrder::one.
bool syncs_in_order(int fd);

/// Whether both are on one file system with SyncOrder::one: what is given to either comes to the disk in the order in
/// which it was given.
bool share_sync_order(int fd, int other);

/// Has what was written to the file sent to the disk, and waits for it. It is not durable before a sync that follows.
Result<void> write_out(int fd, std::string_view name);

} // namespace quire::sys
