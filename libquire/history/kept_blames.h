// KeptBlames: blames that were found, for whoever asks again, and for the blame of the next version to begin with.
//
// A blame is found by the commit that made the version and the path, and by the commits that it ignores: objects, so it
// never goes stale. Files in a directory of its own, each replaced as a whole, and the ones last used in memory. Both
// bounded; what was not used for longest goes. All of it may be deleted at any time, and what is damaged, or
// not what its name says, is not there. Safe to use from several threads.
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
    /// Only in memory.
    KeptBlames() = default;
    /// Also in the directory, which nothing else writes; none: only in memory.
    explicit KeptBlames(UniqueFd directory, KeptLimits limits = {});

    /// Null when it is not kept.
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
    std::list<Item> m_items; ///< last used first
    std::map<std::string, std::list<Item>::iterator> m_by_key;
    size_t m_bytes = 0;
    std::optional<uint64_t> m_disk_bytes; ///< nothing: not counted yet
};

/// A blame as bytes, with a checksum; `key` is what it is found by.
std::string encode(const Blame& blame, std::string_view key);
/// nullopt for anything that encode() has not made of a blame with that key.
std::optional<Blame> decode(std::string_view bytes, std::string_view key);

} // namespace quire::history
