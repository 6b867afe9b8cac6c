// Repository: one open repository, read through the descriptor of its directory.
//
// It always reads the directory that was opened, even if that is renamed or another repository takes its name. Only one
// thread may use it at a time; RepositoryPool lends each thread its own. It returns plain values, or handles that must
// not outlive it. Names and ids come from strangers, so nothing here is parsed as a revision expression: it takes only
// full object ids and exact ref names.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/time.h"
#include "git/commit_graph.h"
#include "git/commit_info.h"
#include "git/objects.h"
#include "git/ref_files.h"

namespace quire::git {

std::string to_string(const git_oid& id);
/// Parses 40 hex digits.
std::optional<git_oid> parse_oid(std::string_view text);
inline bool is_same(const git_oid& a, const git_oid& b) { return git_oid_equal(&a, &b) != 0; }

struct IdHash {
    size_t operator()(const git_oid& id) const;
};
struct IdEqual {
    bool operator()(const git_oid& a, const git_oid& b) const { return is_same(a, b); }
};
using IdSet = std::unordered_set<git_oid, IdHash, IdEqual>;

enum class RefKind { branch, tag };

struct Ref {
    std::string name; ///< the full name
    RefKind kind = RefKind::branch;
    git_oid commit{};
    git_oid target{};       ///< the commit, or the annotated tag that leads to it
    Instant when = no_date; ///< of the commit
    std::string_view short_name() const;
};

struct Entry {
    std::string name;
    git_oid id{};
    git_filemode_t mode = GIT_FILEMODE_UNREADABLE;
    bool is_directory() const { return mode == GIT_FILEMODE_TREE; }
    bool is_link() const { return mode == GIT_FILEMODE_LINK; }
    bool is_submodule() const { return mode == GIT_FILEMODE_COMMIT; }
};

/// Parses "100644" and the like; a mode that git would not write counts as a plain file.
git_filemode_t parse_mode(std::string_view digits);

/// The entries of a directory; only the first ones, if it has more than anybody would look through.
struct Listing {
    std::vector<Entry> entries;
    size_t left_out = 0;
};

/// A commit and a path in it, found by splitting the "REF/PATH" of a URL.
struct Place {
    std::string ref; ///< as in the URL: "main", "feature/x", an id
    git_oid commit{};
    std::string path; ///< without leading or trailing slash; empty: the top
};

class Repository {
public:
    /// `directory` is the bare repository itself; other handles of the same repository share it.
    explicit Repository(std::shared_ptr<const UniqueFd> directory);
    /// The same, and an error if it has no objects to read.
    static Result<Repository> open(std::shared_ptr<const UniqueFd> directory);

    /// Says that this id is a commit of this repository, so that a ref to it leads there without a look at the objects.
    void know_commit(const git_oid& id) { m_known_commit = id; }

    /// The full name of the branch that pages show first: the one that HEAD names, or the newest branch if that one has
    /// no commit yet.
    std::string default_branch() const;
    /// Branches and tags that lead to commits, newest first. Looks at no more than `limit` refs.
    Result<std::vector<Ref>> refs(size_t limit) const;
    /// Those of them that lead to these commits, branches first, each by name. No other ref's commit is looked up.
    std::vector<Ref> refs_to(const IdSet& commits, size_t limit) const;
    /// The first line of the message of its commit, or of its annotated tag.
    std::string subject(const Ref& ref) const;
    /// The commit that a ref leads to, given the ref's full name.
    std::optional<git_oid> commit_of_ref(const std::string& name) const;
    /// Splits REF/PATH. REF is the shortest leading part that names a branch, else a tag, else an object id. A full
    /// name "refs/…" is taken literally. No parts, or "HEAD" if no ref has that name, mean the default branch, or the
    /// newest tag if there are no branches.
    std::optional<Place> resolve(const std::vector<std::string>& parts) const;
    /// The commit whose id begins with these 4 to 40 hex digits.
    std::optional<git_oid> commit_of_prefix(std::string_view hex) const;
    /// Whether an object whose id begins with these digits is here, but can't be read.
    bool has_damaged(std::string_view hex) const;

    Result<CommitInfo> commit(const git_oid& id) const;
    /// The note of the commit in refs/notes/commits; empty if it has none.
    std::string note(const git_oid& commit) const;

    /// The entry at the path. The top directory is an entry too, without a name.
    std::optional<Entry> find(const git_oid& commit, const std::string& path) const;
    /// Lists directories first, then files, each by name.
    Result<Listing> list(const git_oid& tree) const;
    /// Reads only the size.
    Result<size_t> blob_size(const git_oid& id) const;
    /// It is an error if the blob is larger than `limit`.
    Result<std::string> blob(const git_oid& id, size_t limit) const;

    /// The commit-graph in its present files; never null.
    std::shared_ptr<const CommitGraph> graph() const;

    const Objects& objects() const { return m_objects; }
    int directory() const { return m_directory->get(); }

private:
    bool has_commit(const git_oid& id) const;
    std::optional<Place> default_place() const;
    std::shared_ptr<const UniqueFd> m_directory; ///< stands first: the others read through it to their end
    Objects m_objects;
    RefFiles m_refs;
    std::optional<git_oid> m_known_commit;
    mutable std::shared_ptr<const CommitGraph> m_graph;
    mutable std::string m_graph_stamp; ///< of the files that m_graph was read from
};

} // namespace quire::git
