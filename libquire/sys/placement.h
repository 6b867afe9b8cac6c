// Where a file system puts what is made.
#pragma once

namespace quire::sys {

/// Tells the file system that the directories in this one have nothing to do with each other, so that each of them,
/// with all that is in it, may lie elsewhere on the disk. false if it takes no such hint; it is only about speed. (ext4
/// steps over every inode that was deleted lately each time a file is made nearby, which costs more than making the
/// file.)
bool spread_subdirectories(int directory);

} // namespace quire::sys
