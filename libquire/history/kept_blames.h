// KeptBlames caches blames, for readers who ask again and as a start for the blame of the next version.
//
// The key is the commit that made the version, the path, and the ignored commits. These are objects, so a blame never
// goes stale. They are in memory (cached.h) and in files of a directory of their own (kept_files.h), both limited. A
// damaged file, or one that does not match its name, counts as missing. Several threads may use it.
#pragma once

#include <memory>

#include "base/cached.h"
#include "history/blame.h"
#include "sys/kept_files.h"

namespace quire::history {

struct KeptLimits {
    size_t memory = 12u << 20;
    uint64_t disk = 128u << 20;
};

class KeptBlames {
public:
    /// Caches in memory only.
    KeptBlames() : KeptBlames(UniqueFd()) {}
    /// Also caches in the directory, to which nothing else writes. Without one, only in memory.
    explicit KeptBlames(UniqueFd directory, KeptLimits limits = {})
        : m_blames(limits.memory), m_files(std::move(directory), limits.disk)
    {}

    /// Null if it is not cached.
    std::shared_ptr<const Blame> find(const git_oid& commit, std::string_view path, const IgnoredCommits* ignored);
    /// REQUIRES: blame.is_lasting.
    void keep(std::string_view path, const IgnoredCommits* ignored, const Blame& blame);

private:
    std::shared_ptr<const Blame> read(const std::string& key);
    void remember(const std::string& key, std::shared_ptr<const Blame> blame);

    Cached<Blame> m_blames;
    sys::KeptFiles m_files;
};

/// A blame as bytes with a checksum. `key` identifies it.
std::string encode(const Blame& blame, std::string_view key);
/// nullopt for anything that encode() has not made of a blame with that key.
std::optional<Blame> decode(std::string_view bytes, std::string_view key);

} // namespace quire::history
