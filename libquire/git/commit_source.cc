#include "git/commit_source.h"

#include <algorithm>

#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::git {

static std::string stamp_of(int directory)
{
    std::string stamp;
    for (const char* path : {"objects/info/commit-graph", "objects/info/commit-graphs/commit-graph-chain"})
        if (auto found = sys::stamp_at(directory, path); found && *found)
            stamp += (*found)->str() + ";";
    return stamp;
}

std::shared_ptr<const CommitGraph> Repository::graph() const
{
    std::string stamp = stamp_of(directory());
    if (!m_graph || stamp != m_graph_stamp) {
        m_graph = std::make_shared<const CommitGraph>(stamp.empty() ? CommitGraph() : CommitGraph::open(directory()));
        m_graph_stamp = stamp;
    }
    return m_graph;
}

CommitSource::CommitSource(const Repository& repository) : m_graph(repository.graph()), m_objects(repository.objects())
{}

bool CommitSource::load(const git_oid& id, Loose& commit) const
{
    auto info = read_commit(m_objects, id);
    if (!info)
        return false;
    commit.id = id;
    commit.parent_ids = std::move(info->parents);
    commit.node = {.tree = info->tree, .generation = UINT32_MAX};
    if (info->committer.when != no_date)
        commit.node.when = info->committer.when / nanoseconds_per_second;
    return true;
}

std::optional<uint32_t> CommitSource::find(const git_oid& id)
{
    if (auto position = m_graph->find(id))
        return position;
    if (auto known = m_known.find(id); known != m_known.end())
        return known->second;
    Loose commit;
    if (!load(id, commit))
        return std::nullopt;
    uint32_t number = m_graph->size() + static_cast<uint32_t>(m_loose.size());
    m_loose.push_back(std::move(commit));
    m_known.emplace(id, number);
    return number;
}

git_oid CommitSource::id(uint32_t commit) const
{
    return commit < m_graph->size() ? m_graph->id(commit) : m_loose[commit - m_graph->size()].id;
}

void CommitSource::read(uint32_t commit, CommitNode& node)
{
    if (commit < m_graph->size())
        return m_graph->read(commit, node);
    uint32_t index = commit - m_graph->size();
    if (!m_loose[index].is_linked) {
        std::vector<uint32_t> parents;
        for (const git_oid& id : std::vector<git_oid>(m_loose[index].parent_ids)) // find() may move m_loose
            if (auto parent = find(id))
                parents.push_back(*parent);
        m_loose[index].node.parents = std::move(parents);
        m_loose[index].is_linked = true;
    }
    node = m_loose[index].node;
}

bool CommitSource::lacks_parents(uint32_t commit)
{
    if (commit < m_graph->size())
        return false;
    CommitNode node;
    read(commit, node);
    return node.parents.size() < m_loose[commit - m_graph->size()].parent_ids.size();
}

} // namespace quire::git
