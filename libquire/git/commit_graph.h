// CommitGraph: git's commit-graph files, mapped. It has the trees, parents, dates and changed-path filters of commits,
// without unpacking any commit.
//
// Reads a single file or a split chain. If a file can't be understood or is inconsistent, the graph is empty, and
// callers read the commits themselves: the graph only makes them faster. Several threads may read from it.
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
    std::vector<uint32_t> parents; ///< their positions in the graph
    int64_t when = 0;              ///< committed, in seconds
    uint32_t generation = 0;       ///< greater than that of any ancestor
};

class CommitGraph {
public:
    CommitGraph() = default;
    /// `repository` is the directory of the bare repository.
    static CommitGraph open(int repository);

    /// The number of commits; they are numbered from 0.
    uint32_t size() const { return m_size; }
    std::optional<uint32_t> find(const git_oid& id) const;
    /// REQUIRES: position < size().
    git_oid id(uint32_t position) const;
    void read(uint32_t position, CommitNode& node) const;
    /// false means that the path is the same as in the first parent.
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
