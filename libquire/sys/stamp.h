// Stamp: what tells whether a file is the one that was looked at before, and whether it has been written since.
//
// Three questions are asked, and each has one answer here:
//   - "is it still this file?", of a lock's file that may have been replaced under its name: same_file().
//   - "may I go on using what I read?", of what is kept in memory: ==, that is all five. Only the time of the last
//     change of the inode sees a write that puts the old date back; only the device sees another mount.
//   - the same of what is kept on disk, where it outlives a reboot and a restored backup: lasting(), without the device
//     and without that time, since both then differ though nothing was written.
// Two writes within one tick of the file system's clock (some milliseconds) that leave the size as it was look alike:
// who keeps what it read of a file that changes in place must not trust one that is younger than that.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"

struct stat;

namespace quire::sys {

struct Stamp {
    uint64_t device = 0;
    uint64_t inode = 0;
    int64_t size = 0;
    Instant modified = 0;
    Instant changed = 0; ///< of the inode: also by chmod, rename and a date that was set

    static Stamp of(const struct stat& status);

    bool same_file(const Stamp& other) const { return device == other.device && inode == other.inode; }
    auto operator<=>(const Stamp&) const = default;

    /// All of it, for a key that is made of many.
    std::string str() const;
    /// For a file on disk.
    std::string lasting() const;
};

/// nullopt where nothing is there; symlinks are not followed.
Result<std::optional<Stamp>> stamp_at(int directory, const std::string& path);
/// Of what a symlink leads to, where one stands. What is not there, or can't be looked at, has the stamp Stamp().
Stamp stamp_of_target(int directory, const std::string& path);
/// Of an open file; `name` is for the error.
Result<Stamp> stamp_of(int fd, std::string_view name);

} // namespace quire::sys
