// Stamp tells whether a file is the one that was looked at before, and whether it has been written since.
//
// Three questions come up, and each has one answer here:
//   - "Is it still the same file?", for a lock file that may have been replaced under its name: same_file().
//   - "Is what I hold in memory still right?": ==, which compares all five fields. Only `changed` notices a write that
//     sets the old date again; only `device` notices another mount.
//   - "Is what I keep on disk still right?", after a reboot or a restored backup: lasting(), without `device` and
//     `changed`, which both differ then although nothing was written.
// Two writes within one tick of the file system's clock (a few milliseconds) that keep the size look alike. So do not
// trust what was read from a file that is written in place until the file is older than that.
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
    Instant changed = 0; ///< when the inode changed: also by chmod, by rename and by setting a date

    static Stamp of(const struct stat& status);

    bool same_file(const Stamp& other) const { return device == other.device && inode == other.inode; }
    auto operator<=>(const Stamp&) const = default;

    /// All five fields as text, to be part of a cache key.
    std::string str() const;
    /// The fields that outlive a reboot, as text, for a key on disk.
    std::string lasting() const;
};

/// nullopt if nothing is there. Does not follow symlinks.
Result<std::optional<Stamp>> stamp_at(int directory, const std::string& path);
/// The stamp of the file that a symlink leads to. Stamp() if nothing is there or it can't be looked at.
Stamp stamp_of_target(int directory, const std::string& path);
/// The stamp of an open file. `name` is used in the error.
Result<Stamp> stamp_of(int fd, std::string_view name);

} // namespace quire::sys
