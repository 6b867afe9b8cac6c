// Lineage: the versions of a file, each with the versions that it was made from.
//
// A version is what a commit made of a file. Commits that did not change the file are skipped; the commit-graph and its
// filters save nearly all of that work. The rules are those of git blame: if a merge has the same file as one parent,
// it took it from there, and a file that a commit added may be a renamed one that it removed. Replacements
// (refs/replace) and grafts are ignored. Only one thread may use it at a time.
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

    /// The version of the regular file at the path in the commit. nullopt if there is none, or if the patience runs
    /// out.
    std::optional<Version> version_at(const git_oid& commit, const std::string& path);
    /// The versions that a version was made from, in the order of the parents. Null: the patience ran out.
    std::shared_ptr<const Ancestors> ancestors(const Version& version);
    /// The differences between two files. Null: one is missing or larger than max_file_bytes, or the patience ran out.
    std::shared_ptr<const Hunks> hunks(const git_oid& before, const git_oid& after);
    /// The bytes of a file, and its lines as numbers of table().
    struct Text {
        git::Object object;
        git::NumberedText lines;
        std::string_view bytes() const { return object.content(); }
    };
    std::shared_ptr<const Text> text(const git_oid& blob, const Text* like = nullptr);
    const git::LineTable& table() const { return *m_table; }

    git::CommitSource& commits() { return m_commits; }
    const git::Repository& repository() const { return m_repository; }
    /// Whether commits with missing parents were passed: in a complete clone the result may differ.
    bool is_shallow() const { return m_is_shallow; }

private:
    struct Path {
        Path(const git::Repository& repository, const std::string& path);
        git::PathFinder finder;
        std::vector<git::PathKey> keys;  ///< for the path and the directories above it
        git::CommitMap<uint32_t> makers; ///< 1 + the commit that made the file as it is there; 0: unknown
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
    std::unique_ptr<git::LineTable> m_table;
    std::map<std::string, std::shared_ptr<const Text>> m_texts; ///< by the id of the blob
    size_t m_text_bytes = 0;
    bool m_is_shallow = false;
};

} // namespace quire::history
