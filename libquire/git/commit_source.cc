#include "git/commit_source.h"

#include <algorithm>
#include <cstring>

#include "base/strings.h"
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
    auto directory = sys::open_directory(AT_FDCWD, git_repository_path(raw()));
    std::string stamp = directory ? stamp_of(directory->get()) : std::string();
    if (!m_graph || stamp != m_graph_stamp) {
        m_graph =
            std::make_shared<const CommitGraph>(stamp.empty() ? CommitGraph() : CommitGraph::open(directory->get()));
        m_graph_stamp = stamp;
    }
    return m_graph;
}

size_t CommitSource::IdHash::operator()(const git_oid& id) const
{
    size_t hash = 0;
    std::memcpy(&hash, id.id, sizeof hash);
    return hash;
}

CommitSource::CommitSource(const Repository& repository) : m_graph(repository.graph())
{
    git_odb* objects = nullptr;
    if (git_repository_odb(&objects, repository.raw()) == 0)
        m_objects.reset(objects);
}

/// What comes before the message: "tree ID", "parent ID" for each, "author …", "committer NAME <EMAIL> SECONDS ZONE".
bool CommitSource::load(const git_oid& id, Loose& commit) const
{
    git_odb_object* read = nullptr;
    if (!m_objects || git_odb_read(&read, m_objects.get(), &id) != 0)
        return false;
    OdbObjectHandle object(read);
    if (git_odb_object_type(read) != GIT_OBJECT_COMMIT)
        return false;
    commit.id = id;
    commit.node.generation = UINT32_MAX;
    std::string_view rest(static_cast<const char*>(git_odb_object_data(read)), git_odb_object_size(read));
    while (!rest.empty()) {
        std::string_view line = take_until(rest, '\n');
        if (line.empty())
            break;
        if (strip_prefix(line, "tree ")) {
            commit.node.tree = parse_oid(line).value_or(git_oid{});
        } else if (strip_prefix(line, "parent ")) {
            if (auto parent = parse_oid(line))
                commit.parent_ids.push_back(*parent);
        } else if (strip_prefix(line, "committer ")) {
            line.remove_prefix(std::min(line.size(), line.rfind('>') + 2));
            commit.node.when = parse_integer(take_until(line, ' ')).value_or(0);
        }
    }
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
        for (const git_oid& id : std::vector<git_oid>(m_loose[index].parent_ids)) // find() moves what m_loose holds
            if (auto parent = find(id))
                parents.push_back(*parent);
        m_loose[index].node.parents = std::move(parents);
        m_loose[index].is_linked = true;
    }
    node = m_loose[index].node;
}

} // namespace quire::git
