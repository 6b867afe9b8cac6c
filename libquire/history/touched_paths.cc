#include "history/touched_paths.h"

#include <algorithm>
#include <map>
#include <string>

#include "git/raw_tree.h"

namespace quire::history {

constexpr size_t max_depth = 200;
constexpr size_t max_path = 4096;
constexpr size_t max_paths = 50'000, max_path_bytes = 8u << 20;
/// The limits for the directories that are open on the way down, and for all that are read.
constexpr size_t max_open_bytes = 4 * git::max_tree_bytes, max_bytes = 16 * git::max_tree_bytes;

namespace {

using git::RawTree;
using Item = std::optional<RawTree::Item>;
/// What the commit has at some path (stands first), and what each of its parents has.
using Sides = std::vector<Item>;
using Directories = std::vector<std::optional<git_oid>>;

bool is_same(const Item& a, const Item& b) { return a && b ? a->is_same(*b) : a.has_value() == b.has_value(); }

/// The number of the first parent that has the same; 0: none.
uint32_t find_same(const Sides& sides)
{
    for (uint32_t i = 1; i < sides.size(); ++i)
        if (is_same(sides[0], sides[i]))
            return i;
    return 0;
}

class Walk {
public:
    Walk(const git::Objects& objects, const std::function<void(std::string_view, uint32_t)>& take)
        : m_objects(objects), m_take(take)
    {}

    /// Goes through a directory in the commit and in its parents. REQUIRES: the first two differ.
    bool walk(const Directories& directories, const std::string& prefix, size_t depth)
    {
        if (depth == max_depth)
            return false;
        std::vector<RawTree> trees(directories.size());
        size_t bytes = 0;
        for (size_t i = 0; i < trees.size(); ++i) {
            if (!directories[i])
                continue;
            trees[i] = RawTree(m_objects, *directories[i]);
            if (!trees[i].is_read())
                return false;
            bytes += trees[i].content().size();
        }
        m_open_bytes += bytes;
        m_bytes += bytes;
        if (m_open_bytes > max_open_bytes || m_bytes > max_bytes)
            return false;
        for (const auto& [name, sides] : differences(trees))
            if (!take(prefix + std::string(name), sides, depth))
                return false;
        m_open_bytes -= bytes;
        return true;
    }

private:
    /// The names of which the commit and its first parent have something else.
    static std::map<std::string_view, Sides> differences(const std::vector<RawTree>& trees)
    {
        std::map<std::string_view, Sides> found;
        auto add = [&](const RawTree::Item& item, size_t side) {
            Sides& sides = found[item.name];
            sides.resize(trees.size());
            sides[side] = item;
        };
        std::string_view rest = trees[0].content(), other_rest = trees[1].content();
        Item item = RawTree::next(rest), other = RawTree::next(other_rest);
        while (item || other) {
            int order = !item ? 1 : !other ? -1 : RawTree::compare(*item, *other);
            bool is_same = order == 0 && item->is_same(*other);
            if (order <= 0 && !is_same)
                add(*item, 0);
            if (order >= 0 && !is_same)
                add(*other, 1);
            if (order <= 0)
                item = RawTree::next(rest);
            if (order >= 0)
                other = RawTree::next(other_rest);
        }
        for (size_t side = 2; side < trees.size() && !found.empty(); ++side)
            for (std::string_view left = trees[side].content(); auto one = RawTree::next(left);)
                if (auto place = found.find(one->name); place != found.end())
                    place->second[side] = *one;
        return found;
    }

    bool take(const std::string& path, const Sides& sides, size_t depth)
    {
        m_path_bytes += path.size();
        if (path.size() > max_path || m_paths++ == max_paths || m_path_bytes > max_path_bytes)
            return false;
        m_take(path, find_same(sides));
        Directories directories;
        for (const Item& side : sides)
            directories.push_back(side && side->is_directory() ? std::optional(side->oid()) : std::nullopt);
        return (!directories[0] && !directories[1]) || walk(directories, path + "/", depth + 1);
    }

    const git::Objects& m_objects;
    const std::function<void(std::string_view, uint32_t)>& m_take;
    size_t m_paths = 0, m_path_bytes = 0, m_open_bytes = 0, m_bytes = 0;
};

} // namespace

bool each_touched_path(const git::Objects& objects, const git_oid& tree, const std::vector<git_oid>& parents,
                       const std::function<void(std::string_view path, uint32_t same_parent)>& take)
{
    Directories directories{tree};
    directories.insert(directories.end(), parents.begin(), parents.end());
    if (parents.empty())
        directories.emplace_back(); // an empty one
    if (directories[1] && git::is_same(tree, *directories[1]))
        return true;
    return Walk(objects, take).walk(directories, "", 0);
}

} // namespace quire::history
