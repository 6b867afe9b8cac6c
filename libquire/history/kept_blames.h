// KeptBlames caches blames, for readers who ask again and as a start for the blame of the next version.
//
// The key is the commit that made the version, the path, and the ignored commits. These are objects, so a blame never
// goes stale. There are files in a directory of its own, each replaced as a whole, and the most recently used ones in
// memory. Both are limited; the least recently used go first. The files may be deleted at any time; a damaged file, or
// one that does not match its name, counts as missing. Several threads may use it.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "base/unique_fd.h"
#include "history/blame.h"

namespace quire::history {

struct KeptLimits {
    size_t memory = 12u << 20;
    uint64_t disk = 128u << 20;
};

class KeptBlames {
public:
    /// Caches in memory only.
    KeptBlames() = default;
    /// Also caches in the directory, to which nothing else writes. Without one, only in memory.
    explicit KeptBlames(UniqueFd directory, KeptLimits limits = {});

    /// Null if it is not cached.
    std::shared_ptr<const Blame> find(const git_oid& commit, std::string_view path, const IgnoredCommits* ignored);
    /// REQUIRES: blame.is_lasting.
    void keep(std::string_view path, const IgnoredCommits* ignored, const Blame& blame);

private:
    struct Item {
        std::string key;
        std::shared_ptr<const Blame> blame;
        size_t bytes = 0;
    };
    std::shared_ptr<const Blame> find_in_memory(const std::string& key);
    std::shared_ptr<const Blame> read(const std::string& key);
    void remember(const std::string& key, std::shared_ptr<const Blame> blame);
    void make_room(uint64_t bytes);

    KeptLimits m_limits;
    UniqueFd m_directory;
    std::mutex m_mutex;
    std::list<Item> m_items; ///< the most recently used first
    std::map<std::string, std::list<Item>::iterator> m_by_key;
    size_t m_bytes = 0;
    std::optional<uint64_t> m_disk_bytes; ///< nullopt: not counted yet
};

/// A blame as bytes with a checksum. `key` identifies it.
std::string encode(const Blame& blame, std::string_view key);
/// nullopt for anything that encode() has not made of a blame with that key.
std::optional<Blame> decode(std::string_view bytes, std::string_view key);

} // namespace quire::history
