#include "git/tree_object.h"

#include <algorithm>

#include "base/strings.h"

namespace quire::git {

static std::optional<TreeEntry::Kind> kind_of(std::string_view mode)
{
    using Kind = TreeEntry::Kind;
    constexpr std::pair<std::string_view, Kind> kinds[] = {{"100644", Kind::file},
                                                           {"100755", Kind::executable},
                                                           {"120000", Kind::symlink},
                                                           {"40000", Kind::directory},
                                                           {"160000", Kind::submodule}};
    for (const auto& [digits, kind] : kinds)
        if (mode == digits)
            return kind;
    return std::nullopt;
}

int compare_in_tree(const TreeEntry& a, const TreeEntry& b)
{
    size_t common = std::min(a.name.size(), b.name.size());
    if (int order = a.name.substr(0, common).compare(b.name.substr(0, common)); order != 0)
        return order;
    auto after = [&](const TreeEntry& entry) {
        if (entry.name.size() > common)
            return static_cast<int>(static_cast<unsigned char>(entry.name[common]));
        return entry.kind == TreeEntry::Kind::directory ? int{'/'} : 0;
    };
    return after(a) - after(b);
}

Result<std::vector<TreeEntry>> parse_tree(std::string_view content, size_t id_bytes)
{
    std::vector<TreeEntry> entries;
    while (!content.empty()) {
        size_t blank = content.find(' '), end = content.find('\0');
        if (blank >= end || end == std::string_view::npos || content.size() < end + 1 + id_bytes)
            return fail(ErrorKind::invalid, "a tree that is cut off");
        auto kind = kind_of(content.substr(0, blank));
        std::string_view name = content.substr(blank + 1, end - blank - 1);
        if (!kind || name.empty())
            return fail(ErrorKind::invalid, "a tree with an entry that git would not write");
        TreeEntry entry{*kind, name, content.substr(end + 1, id_bytes)};
        if (!entries.empty() && compare_in_tree(entries.back(), entry) >= 0)
            return fail(ErrorKind::invalid, "a tree that is not sorted");
        entries.push_back(entry);
        content.remove_prefix(end + 1 + id_bytes);
    }
    return entries;
}

bool is_plain_name(std::string_view name)
{
    if (name.empty() || name == "." || name == "..")
        return false;
    bool is_odd = std::any_of(name.begin(), name.end(), [](char c) {
        return c == '/' || c == '\\' || c == ':' || c == '~' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (is_odd)
        return false;
    if (name[0] != '.')
        return true;
    constexpr std::string_view harmless[] = {".gitignore", ".gitkeep", ".github", ".gitlab-ci.yml"};
    if (std::find(std::begin(harmless), std::end(harmless), name) != std::end(harmless))
        return true;
    // Some file systems ignore case, and characters that are not ASCII, anywhere in ".git".
    bool is_ascii = std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return is_ascii && !to_lower(name).starts_with(".git");
}

} // namespace quire::git
