// CommitGraph: git's commit-graph files, mapped: trees, parents, dates and changed-path filters of commits without
// unpacking one.
//
// Reads a single file or a split chain. What is not understood or does not add up leaves the graph empty: callers fall
// back on the commits themselves, the graph only makes them faster. Safe to read from several threads.
#pragma once

#include <git2.h>

#include <optional>
#include <string_view>
#include <vector>

#include "git/changed_paths.h"
#include "sys/mapping.h"

namespace quire::git {

struct CommitNode {
    git_oid tree{};
    std::vector<uint32_t> parents; ///< positions
    int64_t when = 0;              ///< committed, in seconds
    uint32_t generation = 0;       ///< greater than any ancestor's
};

class CommitGraph {
public:
    CommitGraph() = default;
    /// `repository` is the bare repository's directory.
    static CommitGraph open(int repository);

    /// Commits are numbered from 0 on.
    uint32_t size() const { return m_size; }
    std::optional<uint32_t> find(const git_oid& id) const;
    /// REQUIRES: position < size().
    git_oid id(uint32_t position) const;
    void read(uint32_t position, CommitNode& node) const;
    /// False: the path is the same as in the first parent.
    bool may_have_changed(uint32_t position, const PathKey& key) const;

private:
    struct Layer {
        sys::Mapping file;
        uint32_t first = 0, count = 0;
        std::string_view fanout, ids, data, edges, filter_ends, filters;
        FilterSettings settings;
    };
    bool add_layer(int directory, const std::string& path);
    const Layer& layer_of(uint32_t position) const;

    std::vector<Layer> m_layers;
    uint32_t m_size = 0;
};

} // namespace quire::git
