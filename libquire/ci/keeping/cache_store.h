// CacheStore: what jobs keep between runs, a tar file for each key.
//
//   <directory>/<key>.tar       appears by rename, whole; its time is when it was last of use
//   <directory>/.<key>.saving   being made, and locked by its maker; one that nobody holds is swept by the next save
//
// A key is percent-encoded; one that is long, or holds a secret, goes by its SHA-256. An entry belongs to the paths
// that it was made of. Readers hold the file open, so an entry may be replaced or evicted while it is read. What does
// not fit the limit with the rest drives out what was not used for longest.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::ci {

struct CacheOutcome {
    bool done = false; ///< restored or saved
    std::string why;   ///< one line
};

/// Below the workspace, and not of .git.
Result<void> check_cache_paths(const std::vector<std::string>& paths);

class CacheStore {
public:
    /// Makes the directory if it is not there.
    static Result<CacheStore> open(const std::string& directory, uint64_t limit);

    /// Replaces the files that were kept, and leaves others where they are. An error: the workspace may have part of
    /// them.
    Result<CacheOutcome> restore(int workspace, const std::string& name, const std::vector<std::string>& paths);
    /// Symlinks are kept as such. What can't be kept leaves what was there.
    Result<CacheOutcome> save(int workspace, const std::string& name, const std::vector<std::string>& paths);

    /// An entry's name: `secret` if the key holds one.
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
