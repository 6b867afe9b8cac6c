#include "sys/space.h"

#include <linux/magic.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "sys/retry.h"

namespace quire::sys {

Result<Space> space_of(int fd)
{
    struct statvfs status{};
    if (retry([&] { return ::fstatvfs(fd, &status); }) < 0)
        return fail_errno("ask for free space");
    return Space{.free_bytes = uint64_t{status.f_bavail} * status.f_frsize,
                 .total_bytes = uint64_t{status.f_blocks} * status.f_frsize,
                 .free_files = status.f_favail,
                 .total_files = status.f_files};
}

Result<bool> is_on_ext4(int fd)
{
    struct statfs status{};
    if (retry([&] { return ::fstatfs(fd, &status); }) < 0)
        return fail_errno("ask for the kind of file system");
    return status.f_type == EXT4_SUPER_MAGIC;
}

} // namespace quire::sys
