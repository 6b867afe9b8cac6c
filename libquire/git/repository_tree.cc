// The functions of Repository for the content of commits.
#include <algorithm>

#include "git/raw_tree.h"
#include "git/repository.h"

namespace quire::git {

constexpr size_t max_listed = 5000;
/// The kernel's limit: no checkout can hold a longer name.
constexpr size_t max_entry_name = 255;
/// git knows it, whether or not it is stored.
constexpr std::string_view empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

git_filemode_t parse_mode(std::string_view digits)
{
    unsigned mode = 0;
    for (char c : digits.substr(0, 7))
        mode = mode * 8 + static_cast<unsigned>(c - '0') % 8;
    constexpr unsigned kind = 0170000, executable = 0111;
    switch (mode & kind) {
    case GIT_FILEMODE_TREE:
        return GIT_FILEMODE_TREE;
    case GIT_FILEMODE_LINK:
        return GIT_FILEMODE_LINK;
    case GIT_FILEMODE_COMMIT:
        return GIT_FILEMODE_COMMIT;
    default:
        return (mode & executable) != 0 ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
    }
}

std::optional<Entry> Repository::find(const git_oid& commit_id, const std::string& path) const
{
    auto info = commit(commit_id);
    auto found = info ? PathFinder(*this, path).find(info->tree) : std::nullopt;
    if (!found)
        return std::nullopt;
    return Entry{path.substr(path.rfind('/') + 1), found->id, parse_mode(found->mode)};
}

Result<Listing> Repository::list(const git_oid& id) const
{
    RawTree tree(m_objects, id);
    if (tree.is_too_large())
        return fail(ErrorKind::refused, "This directory has more entries than can be shown.");
    if (!tree.is_read() && to_string(id) != empty_tree)
        return fail(ErrorKind::system, "the directory {} can't be read", to_string(id));
    Listing listing;
    for (std::string_view rest = tree.content(); auto item = RawTree::next(rest);) {
        if (listing.entries.size() < max_listed && item->name.size() <= max_entry_name)
            listing.entries.push_back({std::string(item->name), item->oid(), parse_mode(item->mode)});
        else
            ++listing.left_out;
    }
    std::vector<Entry>& entries = listing.entries;
    std::stable_partition(entries.begin(), entries.end(), [](const Entry& entry) { return entry.is_directory(); });
    return listing;
}

Result<size_t> Repository::blob_size(const git_oid& id) const
{
    auto header = m_objects.header(id);
    if (!header || header->type != GIT_OBJECT_BLOB) // a directory names it, so the repository is broken
        return fail(ErrorKind::system, "the file {} can't be read", to_string(id));
    return header->size;
}

Result<std::string> Repository::blob(const git_oid& id, size_t limit) const
{
    Object object = TRY(m_objects.read(id, GIT_OBJECT_BLOB, limit));
    return std::string(object.content());
}

} // namespace quire::git
