// FileLock holds flock(2) on a file for as long as the object lives.
//
// The lock belongs to the open file description: a child that inherits the descriptor holds it too, and the kernel
// releases it when the last holder dies. That is how quire tells whether a process is still alive.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class FileLock {
public:
    /// Opens the file, creating it if needed, and waits for the exclusive lock.
    static Result<FileLock> acquire(int directory, const std::string& path);
    /// Like acquire, but does not wait: nullopt when somebody else holds the lock.
    static Result<std::optional<FileLock>> try_acquire(int directory, const std::string& path);
    /// Like try_acquire, but waits for a holder that is about to go.
    static Result<std::optional<FileLock>> try_acquire(int directory, const std::string& path, int64_t patience);
    /// Waits for a shared lock: while anybody holds one, try_acquire gets none.
    static Result<FileLock> share(int directory, const std::string& path);
    /// acquire and try_acquire for a descriptor that is open already.
    static Result<FileLock> adopt(UniqueFd fd, const std::string& name);
    static Result<std::optional<FileLock>> try_adopt(UniqueFd fd, const std::string& name);

    int fd() const { return m_fd.get(); }

private:
    explicit FileLock(UniqueFd fd) : m_fd(std::move(fd)) {}
    UniqueFd m_fd;
};

/// Whether somebody holds the lock right now. A file that does not exist is not locked.
Result<bool> is_locked(int directory, const std::string& path);

} // namespace quire::sys
