// Watcher: hints from the kernel that directories changed. A hint may be missed or come twice; callers scan.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class Watcher {
public:
    static Result<Watcher> create();
    /// Names that appear in the directory, by creation or rename.
    Result<void> watch_directory(const std::string& absolute_path);
    /// Also what is appended to the files in it; the path may be one of /proc/self/fd.
    Result<void> watch_changes(const std::string& absolute_path);
    /// Names that leave the directory, by deletion or rename.
    Result<void> watch_departures(const std::string& absolute_path);
    /// As watch_changes; yields a name for the watch. One directory has one, however often it is asked for.
    Result<int> follow(const std::string& absolute_path);
    /// As follow, and whatever else happens to the directory and what is in it, but for reading.
    Result<int> follow_all(const std::string& absolute_path);
    void unfollow(int watch);
    /// Throws the hints away and yields the watches they were of; `overflowed`: some were lost.
    static constexpr int overflowed = -1;
    std::vector<int> changed();
    /// Readable when there are hints; for a Loop.
    int fd() const { return m_fd.get(); }
    /// Throws the hints away.
    void drain();

private:
    explicit Watcher(UniqueFd fd) : m_fd(std::move(fd)) {}
    UniqueFd m_fd;
};

} // namespace quire::sys
