#include "sys/stamp.h"

#include <sys/stat.h>

#include "sys/file.h"
#include "sys/file_status.h"

namespace quire::sys {

Stamp Stamp::of(const struct stat& status)
{
    Instant changed = static_cast<Instant>(status.st_ctim.tv_sec) * nanoseconds_per_second + status.st_ctim.tv_nsec;
    return {status.st_dev, status.st_ino, status.st_size, modified_at(status), changed};
}

std::string Stamp::str() const
{
    return fmt::format("{:x}.{:x}.{:x}.{:x}.{:x}", device, inode, size, modified, changed);
}

std::string Stamp::lasting() const { return fmt::format("{}.{}.{}", size, modified, inode); }

Result<std::optional<Stamp>> stamp_at(int directory, const std::string& path)
{
    auto status = TRY(stat_at(directory, path));
    return status ? std::optional(Stamp::of(*status)) : std::nullopt;
}

Stamp stamp_of_target(int directory, const std::string& path)
{
    struct stat status{};
    return ::fstatat(directory, path.c_str(), &status, 0) == 0 ? Stamp::of(status) : Stamp();
}

Result<Stamp> stamp_of(int fd, std::string_view name) { return Stamp::of(TRY(stat_of(fd, name))); }

} // namespace quire::sys
