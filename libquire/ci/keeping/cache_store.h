// CacheStore: what jobs keep between runs, one tar file for each key.
//
//   <directory>/<key>.tar       appears complete, by rename; its time is when it was last used
//   <directory>/.<key>.saving   is being made and locked by its maker; the next save removes those without a maker
//
// A key is percent-encoded; a long key, or one that holds a secret, is replaced by its SHA-256. An entry can be
// restored only for the paths it was saved from. Readers hold the file open, so it may be replaced or removed
// meanwhile. If a new entry makes the store exceed its limit, the least recently used entries are removed.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::ci {

struct CacheOutcome {
    bool done = false; ///< it was restored or saved
    std::string why;   ///< one line
};

/// Checks that the paths are inside the workspace and not in .git.
Result<void> check_cache_paths(const std::vector<std::string>& paths);

class CacheStore {
public:
    /// Makes the directory if it does not exist.
    static Result<CacheStore> open(const std::string& directory, uint64_t limit);

    /// Restores the saved files over existing ones and leaves other files alone. After an error the workspace may have
    /// some of them.
    Result<CacheOutcome> restore(int workspace, const std::string& name, const std::vector<std::string>& paths);
    /// Saves the paths; symlinks stay symlinks. If saving fails, the old entry stays.
    Result<CacheOutcome> save(int workspace, const std::string& name, const std::vector<std::string>& paths);

    /// Whether a key, which becomes an entry's name, holds a secret.
    enum class Key { plain, secret };
    static std::string name_of(const std::string& key, Key kind);

private:
    CacheStore(UniqueFd directory, uint64_t limit) : m_directory(std::move(directory)), m_limit(limit) {}
    Result<CacheOutcome> fill(int archive, int workspace, const std::string& name,
                              const std::vector<std::string>& paths);
    Result<void> make_room(const std::string& name, uint64_t size);
    void sweep();

    UniqueFd m_directory;
    uint64_t m_limit;
};

} // namespace quire::ci
