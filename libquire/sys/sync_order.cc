#include "sys/sync_order.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "base/strings.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "sys/retry.h"

namespace quire::sys {

/// The kernel tells of each ext4 by the name of its device.
static bool has_journal(int fd)
{
    auto status = stat_of(fd, "a file");
    if (!status)
        return false;
    auto device =
        read_link(AT_FDCWD, fmt::format("/sys/dev/block/{}:{}", major(status->st_dev), minor(status->st_dev)));
    if (!device)
        return false;
    std::string name = device->substr(device->rfind('/') + 1);
    auto writer = read_file(AT_FDCWD, fmt::format("/sys/fs/ext4/{}/journal_task", name), 100);
    return writer && parse_decimal(trim(*writer)).has_value();
}

SyncOrder sync_order_of(int fd)
{
    struct statfs status{};
    if (retry([&] { return ::fstatfs(fd, &status); }) < 0)
        return SyncOrder::unknown;
    if (status.f_type == EXT4_SUPER_MAGIC)
        return has_journal(fd) ? SyncOrder::one : SyncOrder::files;
    return status.f_type == XFS_SUPER_MAGIC ? SyncOrder::one : SyncOrder::unknown;
}

bool syncs_in_order(int fd) { return sync_order_of(fd) == SyncOrder::one; }

bool share_sync_order(int fd, int other)
{
    auto one = stat_of(fd, "a file");
    auto two = stat_of(other, "a file");
    return one && two && one->st_dev == two->st_dev && syncs_in_order(fd);
}

Result<void> write_out(int fd, std::string_view name)
{
    constexpr unsigned all = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    if (retry([&] { return ::sync_file_range(fd, 0, 0, all); }) < 0)
        return fail_errno(fmt::format("write out {}", name));
    return {};
}

} // namespace quire::sys
