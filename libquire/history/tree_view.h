// TreeView: the files of a commit as a person sees them. For nearly all commits these are the files of its tree; a
// commit in which jj recorded a conflict has the files that the conflict's trees merge to, in memory: what could be
// merged, and the rest with all versions between marks. No object is written.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "git/diff.h"
#include "git/repository.h"
#include "git/tree_diff.h"

namespace quire::history {

/// A file of a view: an object, or a text that is in none. Two are equal if they have the same mode and content.
struct FileValue {
    git_oid id{};
    git_filemode_t mode = GIT_FILEMODE_BLOB;
    std::shared_ptr<const std::string> text; ///< null: it is the object of that id
    bool is_conflict = false;                ///< the text has marks

    bool operator==(const FileValue& other) const { return mode == other.mode && git::is_same(id, other.id); }
};

/// A file that is no object; its id is the one that git would give it.
FileValue made_file(std::string text, git_filemode_t mode);

class TreeView {
public:
    using Files = std::map<std::string, std::optional<FileValue>>;
    /// How two views differ: for each path what is in the first and in the second.
    using Changes = std::map<std::string, std::pair<std::optional<FileValue>, std::optional<FileValue>>>;

    /// nullopt: an empty tree.
    TreeView(const git::Objects& objects, std::optional<git_oid> tree) : m_objects(&objects), m_tree(tree) {}
    static TreeView of(const git::Repository& repository, const git::CommitInfo& commit,
                       const git::TreeBudget& budget = {});
    /// What the commit's first parent was; empty for the first commit.
    static Result<TreeView> before(const git::Repository& repository, const git::CommitInfo& commit,
                                   const git::TreeBudget& budget = {});
    /// What the commit's parents merge to, so that a merge is told by what it did beyond merging. A file that can't be
    /// merged is as in the first parent; so are all, if there is no time or too much to merge.
    static Result<TreeView> merged_before(const git::Repository& repository, const git::CommitInfo& commit,
                                          const git::TreeBudget& budget = {});

    /// Only files, links and submodules.
    std::optional<FileValue> find(const std::string& path) const;
    Changes changes(const TreeView& after, const git::TreeBudget& budget, git::TreeEnd& end) const;
    /// The paths with a conflict.
    std::vector<std::string> conflicts() const;
    const std::optional<git_oid>& tree() const { return m_tree; }
    /// What differs from the tree.
    const Files& over() const { return m_over; }

    /// The bytes; nullopt for a submodule, or if it is missing or larger than can be merged.
    static std::optional<std::string> content(const git::Objects& objects, const FileValue& file);

private:
    git::TreeEnd merge(const TreeView& base, const TreeView& theirs, const git::TreeBudget& budget);
    void merge_file(const std::string& path, const std::optional<FileValue>& base,
                    const std::optional<FileValue>& theirs);

    const git::Objects* m_objects;
    std::optional<git_oid> m_tree;
    Files m_over;
};

std::vector<git::TreeChange> tree_changes(const TreeView::Changes& changes);
/// The lines that differ, renames detected.
git::Diff diff_changes(const git::Repository& repository, const TreeView::Changes& changes,
                       const git::DiffOptions& options);

} // namespace quire::history
