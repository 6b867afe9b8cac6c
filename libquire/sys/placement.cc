#include "sys/placement.h"

#include <linux/fs.h>
#include <sys/ioctl.h>

#include "sys/retry.h"

namespace quire::sys {

bool spread_subdirectories(int directory)
{
    int flags = 0;
    if (retry([&] { return ::ioctl(directory, FS_IOC_GETFLAGS, &flags); }) < 0)
        return false;
    if ((flags & FS_TOPDIR_FL) != 0)
        return true;
    flags |= FS_TOPDIR_FL;
    return retry([&] { return ::ioctl(directory, FS_IOC_SETFLAGS, &flags); }) == 0;
}

} // namespace quire::sys
