// Seals the processes of a sandbox: none of them can change what a file holds without the kernel dating the change.
//
// A write, a truncation and a store into a shared mapping set the date of the inode to the present, and no call sets
// that date to anything else. But ext4 and XFS also have calls of their own (ioctls) that exchange the blocks of two
// files, for defragmenters, and those date nothing. A process that is sealed, and whatever it starts, is told that
// the file system has no such calls. git/checkout_reuse.h relies on it.
#pragma once

namespace quire::init {

/// Can't be undone. It also denies new privileges (set-user-id programs). false, with errno set, if the kernel can't do
/// it, or if quire does not know how on this processor.
bool seal();

} // namespace quire::init
