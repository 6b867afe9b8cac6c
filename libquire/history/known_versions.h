// KnownVersions: what walks along the history of files have found out, for later walks.
//
// Everything is keyed by object ids, so it stays true in every repository that has the objects. Memory is limited; what
// was not asked for lately is dropped. Several threads may use it.
#pragma once

#include <git2.h>

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "history/line_diff.h"

namespace quire::history {

/// A file as it was made by a commit.
struct Version {
    git_oid commit{};
    std::string path;
    git_oid blob{};
};

/// The earlier version of a file in one parent of the commit that made it.
struct Ancestor {
    git_oid parent{}; ///< the commit's
    Version version;  ///< made by that parent or by a commit before it
};

using Ancestors = std::vector<Ancestor>;
using Hunks = std::vector<Hunk>;

class KnownVersions {
public:
    explicit KnownVersions(size_t max_bytes = 16u << 20) : m_max_bytes(max_bytes) {}

    /// Null if it is unknown.
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
    Values m_recent, m_older; ///< what is asked for becomes recent; a full m_recent becomes the older one
};

} // namespace quire::history
