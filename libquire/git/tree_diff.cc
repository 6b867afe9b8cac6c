#include "git/tree_diff.h"

#include "git/raw_tree.h"

namespace quire::git {

constexpr size_t max_depth = 200;
constexpr size_t max_path = 4096;
/// The limit for all directories that are open on the way down.
constexpr size_t max_open_bytes = 2 * max_tree_bytes;

namespace {

using Item = std::optional<RawTree::Item>;

class Walk {
public:
    Walk(const Objects& objects, const TreeBudget& budget, const std::function<void(TreeChange)>& take)
        : m_objects(objects), m_budget(budget), m_take(take)
    {}

    /// Goes through two directories side by side. Returns false if the whole walk must end.
    bool walk(const git_oid* before, const git_oid* after, const std::string& prefix, size_t depth)
    {
        if (before && after && is_same(*before, *after))
            return true;
        m_end.is_late = m_budget.patience.is_over();
        if (m_end.is_late || depth == max_depth || m_opened++ == m_budget.directories)
            return cut();
        RawTree old_tree = before ? RawTree(m_objects, *before) : RawTree();
        RawTree new_tree = after ? RawTree(m_objects, *after) : RawTree();
        size_t bytes = old_tree.content().size() + new_tree.content().size();
        if (old_tree.is_too_large() || new_tree.is_too_large() || m_open_bytes + bytes > max_open_bytes)
            return cut();
        m_open_bytes += bytes;
        bool goes_on = merge(old_tree.content(), new_tree.content(), prefix, depth);
        m_open_bytes -= bytes;
        return goes_on;
    }

    TreeEnd end() const { return m_end; }

private:
    bool merge(std::string_view old_rest, std::string_view new_rest, const std::string& prefix, size_t depth)
    {
        Item before = RawTree::next(old_rest), after = RawTree::next(new_rest);
        while (before || after) {
            int order = !before ? 1 : !after ? -1 : RawTree::compare(*before, *after);
            bool is_same = order == 0 && before->is_same(*after);
            if (!is_same && !take(order <= 0 ? before : Item(), order >= 0 ? after : Item(), prefix, depth))
                return false;
            if (order <= 0)
                before = RawTree::next(old_rest);
            if (order >= 0)
                after = RawTree::next(new_rest);
        }
        return true;
    }

    /// Handles a name that is on one side or on both. If it is on both, either both are directories or neither is.
    bool take(const Item& before, const Item& after, const std::string& prefix, size_t depth)
    {
        const RawTree::Item& named = after ? *after : *before;
        if (prefix.size() + named.name.size() > max_path)
            return cut();
        std::string path = prefix + std::string(named.name);
        if (named.is_directory()) {
            git_oid old_id = before ? before->oid() : git_oid{}, new_id = after ? after->oid() : git_oid{};
            return walk(before ? &old_id : nullptr, after ? &new_id : nullptr, path + "/", depth + 1);
        }
        m_path_bytes += path.size();
        if (m_paths++ == m_budget.paths || m_path_bytes > m_budget.path_bytes)
            return cut();
        m_take({std::move(path), side_of(before), side_of(after)});
        return true;
    }

    static std::optional<TreeSide> side_of(const Item& item)
    {
        return item ? std::optional(TreeSide{item->oid(), parse_mode(item->mode)}) : std::nullopt;
    }

    bool cut()
    {
        m_end.is_cut = true;
        return false;
    }

    const Objects& m_objects;
    const TreeBudget& m_budget;
    const std::function<void(TreeChange)>& m_take;
    TreeEnd m_end;
    size_t m_paths = 0, m_opened = 0, m_open_bytes = 0, m_path_bytes = 0;
};

} // namespace

TreeEnd each_change(const Objects& objects, const std::optional<git_oid>& before, const git_oid& after,
                    const TreeBudget& budget, const std::function<void(TreeChange)>& take)
{
    Walk walk(objects, budget, take);
    walk.walk(before ? &*before : nullptr, &after, "", 0);
    return walk.end();
}

TreeDiff diff_names(const Objects& objects, const std::optional<git_oid>& before, const git_oid& after,
                    const TreeBudget& budget)
{
    TreeDiff diff;
    auto end = each_change(objects, before, after, budget,
                           [&](TreeChange change) { diff.changes.push_back(std::move(change)); });
    static_cast<TreeEnd&>(diff) = end;
    return diff;
}

} // namespace quire::git
