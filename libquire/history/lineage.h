// Lineage: the versions of files, from one to the ones it was made of.
//
// A version is what a commit made of a file; commits that left it alone are passed over, which is where the
// commit-graph and its filters save nearly all of the work. The same rules as git blame's: a merge that has the file as
// one parent has it took it from there, and a file that a commit added may be one that it removed under another name.
// Replacements (refs/replace) and grafts are not followed. Not for two threads at once.
#pragma once

#include <map>
#include <optional>

#include "base/patience.h"
#include "git/commit_source.h"
#include "git/raw_tree.h"
#include "git/repository.h"
#include "history/known_versions.h"

namespace quire::history {

class Lineage {
public:
    /// All of these must outlive the object.
    Lineage(const git::Repository& repository, KnownVersions& known, const Patience& patience);

    /// The regular file that is at the path in the commit: its version. nullopt where none is, or when the patience is
    /// over.
    std::optional<Version> version_at(const git_oid& commit, const std::string& path);
    /// Of a version: what it was made of, in the order of the parents. Null: the patience was over.
    std::shared_ptr<const Ancestors> ancestors(const Version& version);
    /// What lies between two files. Null: one is larger than max_file_bytes or not here, or the patience was over.
    std::shared_ptr<const Hunks> hunks(const git_oid& before, const git_oid& after);
    /// A file's bytes, and its lines as numbers of table().
    struct Text {
        git::OdbObjectHandle object;
        NumberedText lines;
        std::string_view bytes() const { return git::content_of(object); }
    };
    std::shared_ptr<const Text> text(const git_oid& blob, const Text* like = nullptr);
    const LineTable& table() const { return *m_table; }

    git::CommitSource& commits() { return m_commits; }
    const git::Repository& repository() const { return m_repository; }
    /// Commits were passed over whose parents are not here: what was found is not true of a whole clone.
    bool is_shallow() const { return m_is_shallow; }

private:
    struct Path {
        Path(const git::Repository& repository, const std::string& path);
        git::PathFinder finder;
        std::vector<git::PathKey> keys;  ///< of the path and the directories above it
        git::CommitMap<uint32_t> makers; ///< 1 + the commit that made the file as it is there; 0: not known
    };
    Path& path(const std::string& name);
    bool may_have_changed(uint32_t commit, const Path& path) const;
    std::optional<uint32_t> maker(uint32_t commit, Path& path, const git_oid& blob);
    std::optional<uint32_t> parent_with(Path& path, const git::CommitNode& node, const git_oid& blob);
    std::optional<git_oid> file_at(Path& path, const git_oid& tree);
    std::optional<Ancestor> ancestor(uint32_t parent, const std::string& path, const git_oid& blob);

    const git::Repository& m_repository;
    KnownVersions& m_known;
    const Patience& m_patience;
    git::CommitSource m_commits;
    std::map<std::string, Path> m_paths;
    std::unique_ptr<LineTable> m_table;
    std::map<std::string, std::shared_ptr<const Text>> m_texts; ///< by blob
    size_t m_text_bytes = 0;
    bool m_is_shallow = false;
};

} // namespace quire::history
