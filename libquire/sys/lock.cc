#include "sys/lock.h"

#include <sys/file.h>
#include <unistd.h>

#include "base/time.h"
#include "sys/file.h"
#include "sys/retry.h"

namespace quire::sys {

Result<FileLock> FileLock::adopt(UniqueFd fd, const std::string& name)
{
    if (retry([&] { return ::flock(fd.get(), LOCK_EX); }) < 0)
        return fail_errno(fmt::format("lock {}", name));
    return FileLock(std::move(fd));
}

Result<FileLock> FileLock::acquire(int directory, const std::string& path)
{
    return adopt(TRY(open_at(directory, path, O_RDWR | O_CREAT, 0644)), path);
}

Result<FileLock> FileLock::share(int directory, const std::string& path)
{
    UniqueFd fd = TRY(open_at(directory, path, O_RDWR | O_CREAT, 0644));
    if (retry([&] { return ::flock(fd.get(), LOCK_SH); }) < 0)
        return fail_errno(fmt::format("lock {}", path));
    return FileLock(std::move(fd));
}

Result<std::optional<FileLock>> FileLock::try_adopt(UniqueFd fd, const std::string& name)
{
    if (retry([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) == 0)
        return std::optional(FileLock(std::move(fd)));
    if (errno == EWOULDBLOCK)
        return std::optional<FileLock>();
    return fail_errno(fmt::format("lock {}", name));
}

Result<std::optional<FileLock>> FileLock::try_acquire(int directory, const std::string& path)
{
    return try_adopt(TRY(open_at(directory, path, O_RDWR | O_CREAT, 0644)), path);
}

Result<std::optional<FileLock>> FileLock::try_acquire(int directory, const std::string& path, int64_t patience)
{
    for (int64_t until = monotonic_now() + patience;;) {
        auto lock = TRY(try_acquire(directory, path));
        if (lock || monotonic_now() >= until)
            return lock;
        ::usleep(10'000);
    }
}

Result<bool> is_locked(int directory, const std::string& path)
{
    auto fd = open_at(directory, path, O_RDONLY | O_NONBLOCK);
    if (!fd && fd.error().kind == ErrorKind::not_found)
        return false;
    if (!fd)
        return Unexpected(std::move(fd).error());
    // Takes a shared lock and releases it at once, so that two callers don't see each other as holders.
    if (retry([&] { return ::flock(fd->get(), LOCK_SH | LOCK_NB); }) == 0)
        return false;
    if (errno == EWOULDBLOCK)
        return true;
    return fail_errno(fmt::format("lock {}", path));
}

} // namespace quire::sys
