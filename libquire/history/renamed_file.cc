#include "history/renamed_file.h"

#include <algorithm>

#include "history/similarity.h"

namespace quire::history {

namespace {

struct Removed {
    std::string path;
    git::TreeSide side;
};

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_regular(const git::TreeSide& side)
{
    return side.mode != GIT_FILEMODE_LINK && side.mode != GIT_FILEMODE_COMMIT && side.mode != GIT_FILEMODE_TREE;
}

class Search {
public:
    Search(const git::Objects& objects, std::string_view path, const git::TreeSide& added, const Patience& patience)
        : m_objects(objects), m_name(name_of(path)), m_added(added), m_patience(patience)
    {}

    const Removed* find(const std::vector<Removed>& removed)
    {
        if (const Removed* same = find_same(removed))
            return same;
        if (!is_regular(m_added))
            return nullptr;
        auto content = m_objects.read(m_added.id, GIT_OBJECT_BLOB, max_file_bytes);
        if (!content)
            return nullptr;
        m_size = content->content().size();
        m_print.emplace(content->content());
        const Removed* namesake = find_only_namesake(removed);
        if (namesake && likeness_of(*namesake) >= half_alike + half_alike / 2)
            return namesake;
        return find_most_alike(removed);
    }

private:
    const Removed* find_same(const std::vector<Removed>& removed) const
    {
        const Removed* best = nullptr;
        for (const Removed& one : removed) {
            if (!git::is_same(one.side.id, m_added.id) || (!is_regular(one.side) && one.side.mode != m_added.mode))
                continue;
            if (name_of(one.path) == m_name)
                return &one;
            if (!best)
                best = &one;
        }
        return best;
    }

    const Removed* find_only_namesake(const std::vector<Removed>& removed) const
    {
        const Removed* found = nullptr;
        for (const Removed& one : removed) {
            if (name_of(one.path) != m_name)
                continue;
            if (found)
                return nullptr;
            found = &one;
        }
        return found;
    }

    uint64_t likeness_of(const Removed& one) const
    {
        auto known = is_regular(one.side) ? m_objects.header(one.side.id) : std::nullopt;
        if (!known || !may_be_half_alike(known->size, m_size))
            return 0;
        auto content = m_objects.read(one.side.id, GIT_OBJECT_BLOB, max_file_bytes);
        return content ? Fingerprint(content->content()).likeness(*m_print) : 0;
    }

    const Removed* find_most_alike(const std::vector<Removed>& removed) const
    {
        const Removed* best = nullptr;
        uint64_t most = 0;
        for (const Removed& one : removed) {
            if (m_patience.is_over())
                return nullptr;
            uint64_t likeness = likeness_of(one);
            bool is_better = likeness > most ||
                             (best && likeness == most && name_of(best->path) != m_name && name_of(one.path) == m_name);
            if (likeness >= half_alike && is_better) {
                best = &one;
                most = likeness;
            }
        }
        return best;
    }

    const git::Objects& m_objects;
    std::string_view m_name;
    const git::TreeSide& m_added;
    const Patience& m_patience;
    uint64_t m_size = 0;
    std::optional<Fingerprint> m_print;
};

} // namespace

std::optional<RenamedFile> find_renamed(const git::Objects& objects, const git_oid& parent_tree, const git_oid& tree,
                                        const std::string& path, const git::TreeSide& added, const Patience& patience)
{
    git::TreeBudget budget{.paths = 200'000, .path_bytes = 32u << 20, .directories = 100'000, .patience = patience};
    std::vector<Removed> removed;
    git::each_change(objects, parent_tree, tree, budget, [&](git::TreeChange change) {
        if (change.before && !change.after)
            removed.push_back({std::move(change.path), *change.before});
    });
    const Removed* found = Search(objects, path, added, patience).find(removed);
    return found ? std::optional(RenamedFile{found->path, found->side}) : std::nullopt;
}

} // namespace quire::history
