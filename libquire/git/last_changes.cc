#include "git/last_changes.h"

#include <algorithm>
#include <queue>
#include <unordered_map>

#include "base/time.h"
#include "git/commit_source.h"
#include "git/raw_tree.h"

namespace quire::git {

namespace {

/// The numbers of entries.
using Entries = std::vector<uint32_t>;

class Search {
public:
    Search(const Repository& repository, const std::string& directory)
        : m_commits(repository), m_finder(repository, directory), m_directory(directory),
          m_has_directory(!directory.empty())
    {}

    LastChanges run(const git_oid& from, const std::string& directory, const std::vector<std::string>& names,
                    const Patience& patience, const KnownChanges& known)
    {
        LastChanges result;
        result.commits.resize(names.size());
        m_patience = patience;
        auto first = m_commits.find(from);
        if (!first)
            return result;
        start(*first, directory);
        take(known);
        while (!m_queue.empty() && !is_late()) {
            uint32_t commit = m_queue.top().commit;
            m_queue.pop();
            visit(commit);
        }
        result.is_complete = m_queue.empty() && !m_is_late;
        std::unordered_map<std::string_view, uint32_t> numbers;
        for (uint32_t i = 0; i < m_items.size(); ++i)
            numbers.emplace(m_items[i].name, i);
        for (size_t i = 0; i < names.size(); ++i)
            if (auto number = numbers.find(names[i]); number != numbers.end())
                result.commits[i] = m_found[number->second];
        return result;
    }

private:
    /// Entries are numbered in the order of the first commit's tree.
    void start(uint32_t first, const std::string& directory)
    {
        m_commits.read(first, m_node);
        auto found = m_finder.find(m_node.tree);
        if (!found)
            return;
        m_first_tree = found->id;
        m_tree = RawTree(m_finder.objects(), found->id);
        Entries all;
        for (std::string_view rest = m_tree.content(); auto item = RawTree::next(rest);) {
            all.push_back(static_cast<uint32_t>(m_items.size()));
            m_items.push_back(*item);
            m_keys.emplace_back(m_has_directory ? fmt::format("{}/{}", directory, item->name)
                                                : std::string(item->name));
        }
        m_found.resize(m_items.size());
        hand_on(first, all);
    }

    void take(const KnownChanges& known)
    {
        auto at = known.at && !known.commits.empty() ? m_commits.find(*known.at) : std::nullopt;
        if (!at)
            return;
        m_known_at = *at;
        m_known.resize(m_items.size());
        for (size_t i = 0; i < m_items.size(); ++i)
            if (auto found = known.commits.find(m_items[i].name); found != known.commits.end())
                m_known[i] = found->second;
    }

    /// At the commit of which all is known: leaves the entries that are not.
    void end_known(Entries& entries)
    {
        std::erase_if(entries, [&](uint32_t entry) {
            if (m_known[entry])
                m_found[entry] = m_known[entry];
            return m_known[entry].has_value();
        });
    }

    bool is_late()
    {
        constexpr unsigned between_looks = 64;
        if (m_steps++ % between_looks == 0 && m_patience.is_over())
            m_is_late = true;
        return m_is_late;
    }

    void hand_on(uint32_t commit, const Entries& entries)
    {
        if (entries.empty())
            return;
        auto [place, is_new] = m_wanted.try_emplace(commit);
        place->second.insert(place->second.end(), entries.begin(), entries.end());
        if (!is_new)
            return;
        m_commits.read(commit, m_parent);
        m_queue.push({m_parent.generation, m_parent.when, commit});
    }

    bool may_have_changed(uint32_t commit, const Entries& entries) const
    {
        if (m_has_directory && !m_commits.may_have_changed(commit, m_directory))
            return false;
        for (uint32_t entry : entries)
            if (m_commits.may_have_changed(commit, m_keys[entry]))
                return true;
        return false;
    }

    void visit(uint32_t commit)
    {
        auto taken = m_wanted.extract(commit);
        Entries entries = std::move(taken.mapped());
        CommitNode& node = m_node;
        m_commits.read(commit, node);
        // Most of history is linear; then nothing has to be queued.
        while (m_queue.empty() && !node.parents.empty() && commit != m_known_at && !may_have_changed(commit, entries)) {
            if (is_late())
                return;
            commit = node.parents[0];
            m_commits.read(commit, node);
        }
        if (commit == m_known_at)
            end_known(entries);
        for (size_t i = 0; i < node.parents.size() && !entries.empty(); ++i) {
            if (i == 0 && !may_have_changed(commit, entries)) {
                hand_on(node.parents[0], entries);
                return;
            }
            m_commits.read(node.parents[i], m_parent);
            Entries unchanged = split_off_unchanged(m_parent.tree, entries);
            hand_on(node.parents[i], unchanged);
        }
        for (uint32_t entry : entries)
            m_found[entry] = m_commits.id(commit);
    }

    /// Returns the entries that are the same in the parent, and leaves the others in `entries`. An entry is only handed
    /// on unchanged, so comparing with its first state is enough, and the commit's own tree need not be read.
    Entries split_off_unchanged(const git_oid& parent_tree, Entries& entries)
    {
        auto directory = m_finder.find(parent_tree);
        if (!directory)
            return {};
        if (is_same(directory->id, m_first_tree))
            return std::exchange(entries, {});
        RawTree tree(m_finder.objects(), directory->id);
        std::string_view rest = tree.content();
        Entries changed, unchanged;
        auto item = RawTree::next(rest);
        std::sort(entries.begin(), entries.end());
        for (uint32_t entry : entries) {
            const RawTree::Item& wanted = m_items[entry];
            while (item && item->name != wanted.name && RawTree::compare(*item, wanted) < 0)
                item = RawTree::next(rest);
            bool is_unchanged = item && item->name == wanted.name && item->is_same(wanted);
            (is_unchanged ? unchanged : changed).push_back(entry);
        }
        entries = std::move(changed);
        return unchanged;
    }

    CommitSource m_commits;
    PathFinder m_finder;
    PathKey m_directory;
    bool m_has_directory;
    RawTree m_tree; ///< the first commit's; m_items point into it
    git_oid m_first_tree{};
    std::vector<RawTree::Item> m_items;
    std::vector<PathKey> m_keys;
    std::vector<std::optional<git_oid>> m_found;
    std::optional<uint32_t> m_known_at;
    std::vector<std::optional<git_oid>> m_known; ///< what is known there, by entry
    std::unordered_map<uint32_t, Entries> m_wanted;
    std::priority_queue<Turn> m_queue;
    CommitNode m_node, m_parent;
    Patience m_patience;
    unsigned m_steps = 0;
    bool m_is_late = false;
};

} // namespace

LastChanges last_changes(const Repository& repository, const git_oid& commit, const std::string& directory,
                         const std::vector<std::string>& names, const Patience& patience, const KnownChanges& known)
{
    return Search(repository, directory).run(commit, directory, names, patience, known);
}

} // namespace quire::git
