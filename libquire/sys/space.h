// What kind of file system something is on, and how much room is left there.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace quire::sys {

struct Space {
    uint64_t free_bytes = 0; ///< available to users other than root
    uint64_t total_bytes = 0;
    uint64_t free_files = 0;
    uint64_t total_files = 0; ///< 0 where the file system has no fixed number of files
};

/// Whether it is on ext4 (or ext2 or ext3, which are ext4 to the kernel).
Result<bool> is_on_ext4(int fd);

/// The room on the file system that holds `fd`.
Result<Space> space_of(int fd);

} // namespace quire::sys
