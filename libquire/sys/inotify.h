// Watcher tells that directories changed. A hint may be missed or come twice, so callers must scan to be sure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class Watcher {
public:
    static Result<Watcher> create();
    /// Watches for names that appear in the directory, by creation or rename.
    Result<void> watch_directory(const std::string& absolute_path);
    /// Watches for new names and for writes to files in the directory. The path may be one in /proc/self/fd.
    Result<void> watch_changes(const std::string& absolute_path);
    /// Watches for names that leave the directory, by deletion or rename.
    Result<void> watch_departures(const std::string& absolute_path);
    /// Like watch_changes, and returns the watch's number, which stays the same for the same directory.
    Result<int> follow(const std::string& absolute_path);
    /// Like follow, but also tells of everything else except reading: removal, renames, changed attributes, closing.
    Result<int> follow_all(const std::string& absolute_path);
    void unfollow(int watch);
    /// Discards the pending hints and returns their watches. `overflowed` among them: some hints were lost.
    static constexpr int overflowed = -1;
    std::vector<int> changed();
    /// Becomes readable when there are hints. Meant for a Loop.
    int fd() const { return m_fd.get(); }
    /// Discards the pending hints.
    void drain();

private:
    explicit Watcher(UniqueFd fd) : m_fd(std::move(fd)) {}
    UniqueFd m_fd;
};

} // namespace quire::sys
