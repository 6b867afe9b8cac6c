// KeptFiles: a directory of files that may be deleted at any time, limited in bytes; those used least recently go
// first.
//
// Only one object may write into the directory at a time. Each file is replaced as a whole, unsynced: whoever reads one
// must be able to tell a damaged one. What can't be read or written is just not kept. Several threads may use it.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/time.h"
#include "base/unique_fd.h"

namespace quire::sys {

class KeptFiles {
public:
    /// Keeps nothing.
    KeptFiles() = default;
    /// Without a directory, nothing is kept.
    KeptFiles(UniqueFd directory, uint64_t most_bytes) : m_directory(std::move(directory)), m_most(most_bytes) {}

    explicit operator bool() const { return static_cast<bool>(m_directory); }
    /// Opens the file, which was used just now; nullopt if there is none.
    std::optional<UniqueFd> open(const std::string& name);
    /// `used` is when the file counts as last used, which decides when it makes room for others. No file may take more
    /// than half of all.
    void keep(const std::string& name, std::string_view content, Instant used);
    void drop(const std::string& name);

private:
    struct File {
        uint64_t bytes = 0;
        Instant used = 0;
    };
    void look();
    void forget(const std::string& name);
    void drop_old_ones();

    UniqueFd m_directory;
    uint64_t m_most = 0;
    std::mutex m_mutex; ///< for the members below; held while the directory is listed for the first time
    bool m_was_listed = false;
    std::map<std::string, File> m_files;
    uint64_t m_bytes = 0;
};

} // namespace quire::sys
