#include "git/last_changes.h"

#include <map>
#include <queue>
#include <unordered_map>

#include "base/time.h"
#include "git/commit_source.h"
#include "git/raw_tree.h"

namespace quire::git {

namespace {

/// Numbers of entries.
using Entries = std::vector<uint32_t>;

/// Ancestors come after all their descendants.
struct Waiting {
    uint32_t generation = 0;
    int64_t when = 0;
    uint32_t commit = 0;
    bool operator<(const Waiting& other) const
    {
        return generation != other.generation ? generation < other.generation : when < other.when;
    }
};

class Search {
public:
    Search(const Repository& repository, const std::string& directory, const std::vector<std::string>& names)
        : m_commits(repository), m_finder(repository, directory), m_directory(directory), m_has_directory(!directory.empty())
    {
        m_result.commits.resize(names.size());
        for (uint32_t i = 0; i < names.size(); ++i) {
            m_keys.emplace_back(m_has_directory ? directory + "/" + names[i] : names[i]);
            m_numbers.emplace(names[i], i);
        }
    }

    LastChanges run(const git_oid& from, int64_t deadline)
    {
        auto first = m_commits.find(from);
        if (!first)
            return m_result;
        Entries all;
        for (uint32_t i = 0; i < m_keys.size(); ++i)
            all.push_back(i);
        hand_on(*first, all);
        constexpr unsigned between_looks = 64;
        for (unsigned steps = 1; !m_queue.empty(); ++steps) {
            if (steps % between_looks == 0 && monotonic_now() > deadline)
                return m_result;
            uint32_t commit = m_queue.top().commit;
            m_queue.pop();
            visit(commit);
        }
        m_result.is_complete = true;
        return m_result;
    }

private:
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
        CommitNode node;
        m_commits.read(commit, node);
        for (size_t i = 0; i < node.parents.size() && !entries.empty(); ++i) {
            if (i == 0 && !may_have_changed(commit, entries)) {
                hand_on(node.parents[0], entries);
                return;
            }
            CommitNode parent;
            m_commits.read(node.parents[i], parent);
            Entries unchanged = split_off_unchanged(node.tree, parent.tree, entries);
            hand_on(node.parents[i], unchanged);
        }
        for (uint32_t entry : entries)
            m_result.commits[entry] = m_commits.id(commit);
    }

    /// Leaves in `entries` those that differ between the two commits' trees.
    Entries split_off_unchanged(const git_oid& tree, const git_oid& parent_tree, Entries& entries)
    {
        auto here = m_finder.find(tree), there = m_finder.find(parent_tree);
        if (here == there)
            return std::exchange(entries, {});
        if (!there)
            return {};
        mark_changed(RawTree(m_finder.objects(), here ? here->id : git_oid{}), RawTree(m_finder.objects(), there->id));
        Entries changed, unchanged;
        for (uint32_t entry : entries)
            (m_changed[entry] ? changed : unchanged).push_back(entry);
        entries = std::move(changed);
        return unchanged;
    }

    /// An entry of `here` is unchanged when the same stands in `there`. Both are in one order, so that one pass does.
    void mark_changed(const RawTree& here, const RawTree& there)
    {
        m_changed.assign(m_keys.size(), false);
        std::string_view a = here.content(), b = there.content();
        auto other = RawTree::next(b);
        while (auto item = RawTree::next(a)) {
            while (other && other->name != item->name && is_before(*other, *item))
                other = RawTree::next(b);
            bool is_unchanged = other && other->name == item->name && other->is_same(*item);
            if (is_unchanged)
                continue;
            if (auto number = m_numbers.find(item->name); number != m_numbers.end())
                m_changed[number->second] = true;
        }
    }

    /// Git sorts a directory as if its name ended in a slash.
    static bool is_before(const RawTree::Item& a, const RawTree::Item& b)
    {
        size_t shorter = std::min(a.name.size(), b.name.size());
        int order = a.name.substr(0, shorter).compare(b.name.substr(0, shorter));
        if (order != 0)
            return order < 0;
        auto end = [&](const RawTree::Item& item) {
            return item.name.size() > shorter ? static_cast<unsigned char>(item.name[shorter]) : item.mode == "40000" ? '/' : 0;
        };
        return end(a) < end(b);
    }

    CommitSource m_commits;
    PathFinder m_finder;
    PathKey m_directory;
    bool m_has_directory;
    std::vector<PathKey> m_keys;
    std::map<std::string, uint32_t, std::less<>> m_numbers;
    std::vector<bool> m_changed;
    std::unordered_map<uint32_t, Entries> m_wanted;
    std::priority_queue<Waiting> m_queue;
    CommitNode m_parent;
    LastChanges m_result;
};

} // namespace

LastChanges last_changes(const Repository& repository, const git_oid& commit, const std::string& directory,
                         const std::vector<std::string>& names, int64_t deadline)
{
    return Search(repository, directory, names).run(commit, deadline);
}

} // namespace quire::git
