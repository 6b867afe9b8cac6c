// KnownVersions: what walks along the history of files found out, for the walks that come after them.
//
// Everything is found by object ids and so true for ever, in every repository that has the objects. Bounded in bytes:
// what has not been asked for lately goes. Safe to use from several threads.
#pragma once

#include <git2.h>

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "history/line_diff.h"

namespace quire::history {

/// A file as a commit made it.
struct Version {
    git_oid commit{};
    std::string path;
    git_oid blob{};
};

/// What a file was in one parent of the commit that made it.
struct Ancestor {
    git_oid parent{}; ///< of the commit
    Version version;  ///< made by the parent or by one before it
};

using Ancestors = std::vector<Ancestor>;
using Hunks = std::vector<Hunk>;

class KnownVersions {
public:
    explicit KnownVersions(size_t max_bytes = 16u << 20) : m_max_bytes(max_bytes) {}

    /// Null when it is not known.
    std::shared_ptr<const Ancestors> find_ancestors(const git_oid& commit, std::string_view path);
    std::shared_ptr<const Ancestors> keep_ancestors(const git_oid& commit, std::string_view path, Ancestors ancestors);
    std::shared_ptr<const Hunks> find_hunks(const git_oid& before, const git_oid& after);
    std::shared_ptr<const Hunks> keep_hunks(const git_oid& before, const git_oid& after, Hunks hunks);

private:
    using Values = std::unordered_map<std::string, std::shared_ptr<const void>>;
    std::shared_ptr<const void> find(const std::string& key);
    void keep(const std::string& key, std::shared_ptr<const void> value, size_t bytes);

    std::mutex m_mutex;
    size_t m_max_bytes;
    size_t m_bytes = 0;       ///< of m_recent
    Values m_recent, m_older; ///< what is asked for moves to the recent; a full m_recent becomes the older
};

} // namespace quire::history
