// FileLock holds flock(2) on a file for as long as the object lives.
//
// The lock belongs to the open file description: a child that inherits the descriptor holds it too, and
// the kernel lets go of it when the last holder dies. That is how quire tells the living from the dead.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class FileLock {
public:
    /// Opens (creating it if need be) and waits for the exclusive lock.
    static Result<FileLock> acquire(int directory, const std::string& path);
    /// nullopt when somebody else holds it.
    static Result<std::optional<FileLock>> try_acquire(int directory, const std::string& path);
    /// The same two for a descriptor that is open already.
    static Result<FileLock> adopt(UniqueFd fd, const std::string& name);
    static Result<std::optional<FileLock>> try_adopt(UniqueFd fd, const std::string& name);

    int fd() const { return m_fd.get(); }

private:
    explicit FileLock(UniqueFd fd) : m_fd(std::move(fd)) {}
    UniqueFd m_fd;
};

/// Whether somebody holds the lock right now; a file that is not there is not held.
Result<bool> is_locked(int directory, const std::string& path);

} // namespace quire::sys
