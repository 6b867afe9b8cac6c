// Repository: what is in a commit.
#include <algorithm>

#include "git/repository.h"

namespace quire::git {

std::optional<Entry> Repository::find(const git_oid& commit_id, const std::string& path) const
{
    auto commit =
        own<CommitHandle>("commit", [&](git_commit** out) { return git_commit_lookup(out, raw(), &commit_id); });
    if (!commit)
        return std::nullopt;
    if (path.empty())
        return Entry{"", *git_commit_tree_id(commit->get()), GIT_FILEMODE_TREE};
    auto tree = own<TreeHandle>("tree", [&](git_tree** out) { return git_commit_tree(out, commit->get()); });
    if (!tree)
        return std::nullopt;
    auto entry = own<TreeEntryHandle>(
        path, [&](git_tree_entry** out) { return git_tree_entry_bypath(out, tree->get(), path.c_str()); });
    if (!entry)
        return std::nullopt;
    return Entry{git_tree_entry_name(entry->get()), *git_tree_entry_id(entry->get()),
                 git_tree_entry_filemode(entry->get())};
}

Result<std::vector<Entry>> Repository::list(const git_oid& id) const
{
    auto tree = TRY(own<TreeHandle>(to_string(id), [&](git_tree** out) { return git_tree_lookup(out, raw(), &id); }));
    std::vector<Entry> entries;
    entries.reserve(git_tree_entrycount(tree.get()));
    for (size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
        const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
        entries.push_back({git_tree_entry_name(entry), *git_tree_entry_id(entry), git_tree_entry_filemode(entry)});
    }
    std::stable_partition(entries.begin(), entries.end(), [](const Entry& entry) { return entry.is_directory(); });
    return entries;
}

Result<size_t> Repository::blob_size(const git_oid& id) const
{
    auto odb = TRY(own<OdbHandle>("objects", [&](git_odb** out) { return git_repository_odb(out, raw()); }));
    size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, odb.get(), &id) != 0 || type != GIT_OBJECT_BLOB)
        return fail(ErrorKind::not_found, "{} is no file", to_string(id));
    return size;
}

Result<std::string> Repository::blob(const git_oid& id, size_t limit) const
{
    size_t size = TRY(blob_size(id));
    if (size > limit)
        return fail(ErrorKind::refused, "{} holds {} bytes, more than {}", to_string(id), size, limit);
    auto blob = TRY(own<BlobHandle>(to_string(id), [&](git_blob** out) { return git_blob_lookup(out, raw(), &id); }));
    const auto* content = static_cast<const char*>(git_blob_rawcontent(blob.get()));
    return std::string(content, static_cast<size_t>(git_blob_rawsize(blob.get())));
}

} // namespace quire::git
