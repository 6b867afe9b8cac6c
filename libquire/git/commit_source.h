// CommitSource gives commits small numbers, and reads them from the commit-graph if they are in it, else one by one.
//
// Walks over history keep sets and queues of these numbers. A number is valid as long as the object. A commit outside
// the graph counts as newer than all that are in it, which git guarantees. Only one thread may use it at a time.
#pragma once

#include <unordered_map>

#include "git/commit_graph.h"
#include "git/repository.h"

namespace quire::git {

class CommitSource {
public:
    explicit CommitSource(const Repository& repository);

    /// The number of a commit; nullopt if the id names something else, or nothing in this repository.
    std::optional<uint32_t> find(const git_oid& id);
    git_oid id(uint32_t commit) const;
    void read(uint32_t commit, CommitNode& node);
    /// Whether the parents are missing, as at the end of a shallow clone. Never true for commits in the graph.
    bool lacks_parents(uint32_t commit);
    bool may_have_changed(uint32_t commit, const PathKey& key) const
    {
        return commit >= m_graph->size() || m_graph->may_have_changed(commit, key);
    }

private:
    struct Loose {
        git_oid id{};
        std::vector<git_oid> parent_ids;
        CommitNode node;
        bool is_linked = false; ///< whether node.parents has been filled in
    };
    bool load(const git_oid& id, Loose& commit) const;

    std::shared_ptr<const CommitGraph> m_graph;
    const Objects& m_objects;
    std::vector<Loose> m_loose;
    std::unordered_map<git_oid, uint32_t, IdHash, IdEqual> m_known;
};

/// A commit's place in a priority queue: as far as is known, ancestors come after all their descendants.
struct Turn {
    uint32_t generation = 0;
    int64_t when = 0;
    uint32_t commit = 0;
    bool operator<(const Turn& other) const
    {
        return generation != other.generation ? generation < other.generation : when < other.when;
    }
};

/// A value that a walk keeps for each commit.
template <typename Value>
class CommitMap {
public:
    Value& operator[](uint32_t commit)
    {
        if (commit >= m_values.size())
            m_values.resize(commit + 1024);
        return m_values[commit];
    }

private:
    std::vector<Value> m_values;
};

/// The set of commits that a walk has seen.
class CommitSet {
public:
    /// Returns false if the commit was in the set already.
    bool add(uint32_t commit)
    {
        if (commit >= m_bits.size())
            m_bits.resize(commit + 1024);
        bool added = !m_bits[commit];
        m_bits[commit] = true;
        return added;
    }

private:
    std::vector<bool> m_bits;
};

} // namespace quire::git
