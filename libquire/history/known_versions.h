// KnownVersions: what walks along the history of files have found out, for later walks.
//
// Everything is keyed by object ids, so it stays true in every repository that has the objects. Several threads
// may use it.
#pragma once

#include <git2.h>

#include <memory>
#include <string>
#include <vector>

#include "base/cached.h"
#include "git/line_diff.h"

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
using Hunks = std::vector<git::Hunk>;

class KnownVersions {
public:
    explicit KnownVersions(size_t most_bytes = 16u << 20) : m_ancestors(most_bytes / 2), m_hunks(most_bytes / 2) {}

    /// Null if it is unknown.
    std::shared_ptr<const Ancestors> find_ancestors(const git_oid& commit, std::string_view path);
    std::shared_ptr<const Ancestors> keep_ancestors(const git_oid& commit, std::string_view path, Ancestors ancestors);
    std::shared_ptr<const Hunks> find_hunks(const git_oid& before, const git_oid& after);
    std::shared_ptr<const Hunks> keep_hunks(const git_oid& before, const git_oid& after, Hunks hunks);

private:
    Cached<Ancestors> m_ancestors;
    Cached<Hunks> m_hunks;
};

} // namespace quire::history
