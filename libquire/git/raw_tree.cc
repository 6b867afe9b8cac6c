#include "git/raw_tree.h"

#include <algorithm>
#include <cstring>

#include "base/strings.h"

namespace quire::git {

git_oid RawTree::Item::oid() const
{
    git_oid oid{};
    std::memcpy(oid.id, id.data(), GIT_OID_RAWSZ);
    return oid;
}

int RawTree::compare(const Item& a, const Item& b)
{
    size_t shorter = std::min(a.name.size(), b.name.size());
    if (int order = a.name.substr(0, shorter).compare(b.name.substr(0, shorter)); order != 0)
        return order;
    auto end = [&](const Item& item) {
        bool is_longer = item.name.size() > shorter;
        return is_longer ? static_cast<unsigned char>(item.name[shorter]) : item.is_directory() ? '/' : 0;
    };
    return end(a) - end(b);
}

RawTree::RawTree(const Objects& objects, const git_oid& id)
{
    auto read = objects.read(id, GIT_OBJECT_TREE, max_tree_bytes);
    m_is_too_large = !read && read.error().kind == ErrorKind::refused;
    if (read)
        m_object = std::move(*read);
}

std::string_view RawTree::content() const { return m_object.content(); }

std::optional<RawTree::Item> RawTree::next(std::string_view& rest)
{
    size_t blank = rest.find(' '), end = rest.find('\0');
    if (blank >= end || end == std::string_view::npos || rest.size() < end + 1 + GIT_OID_RAWSZ)
        return std::nullopt;
    Item item{rest.substr(0, blank), rest.substr(blank + 1, end - blank - 1), rest.substr(end + 1, GIT_OID_RAWSZ)};
    rest.remove_prefix(end + 1 + GIT_OID_RAWSZ);
    return item;
}

std::optional<RawTree::Item> RawTree::find(std::string_view name) const
{
    std::string_view rest = content();
    while (auto item = next(rest))
        if (item->name == name)
            return item;
    return std::nullopt;
}

PathFinder::PathFinder(const Repository& repository, std::string_view path) : m_objects(&repository.objects())
{
    if (!path.empty())
        for (std::string_view part : split(path, '/'))
            m_parts.emplace_back(part);
}

std::optional<PathFinder::Found> PathFinder::look_up(const git_oid& tree) const
{
    Found found{tree, "40000"};
    for (const std::string& part : m_parts) {
        if (found.mode != "40000")
            return std::nullopt;
        RawTree directory(*m_objects, found.id);
        auto item = directory.find(part);
        if (!item)
            return std::nullopt;
        found = {item->oid(), std::string(item->mode)};
    }
    return found;
}

std::optional<PathFinder::Found> PathFinder::find(const git_oid& tree)
{
    // A commit is first looked at as the parent of another one, and soon after by itself.
    constexpr size_t remembered = 64;
    for (const auto& [id, found] : m_last)
        if (is_same(id, tree))
            return found;
    std::optional<Found> found = look_up(tree);
    if (m_last.size() < remembered)
        m_last.emplace_back(tree, found);
    else
        m_last[m_next++ % remembered] = {tree, found};
    return found;
}

} // namespace quire::git
