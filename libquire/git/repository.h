// Repository: one open repository, read through the descriptor of its directory.
//
// Whatever it reads belongs to the directory that was opened: a rename, or another repository under the old name,
// changes nothing. Not for use from two threads at once: RepositoryPool lends each thread its own. Everything it yields
// is a plain value, or a handle that must not outlive it. Names and ids come from strangers: nothing here is a revision
// expression, only full object ids and names of refs as they are.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "git/commit_graph.h"
#include "git/commit_info.h"
#include "git/objects.h"
#include "git/ref_files.h"

namespace quire::git {

std::string to_string(const git_oid& id);
/// 40 hex digits.
std::optional<git_oid> parse_oid(std::string_view text);
inline bool is_same(const git_oid& a, const git_oid& b) { return git_oid_equal(&a, &b) != 0; }

enum class RefKind { branch, tag };

struct Ref {
    std::string name; ///< full
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

/// "100644" and the like; what git would not write is a plain file.
git_filemode_t parse_mode(std::string_view digits);

/// A directory's entries: of one that has more than anybody looks through, the first ones.
struct Listing {
    std::vector<Entry> entries;
    size_t left_out = 0;
};

/// A commit and a path in it, found in "REF/PATH" of an address.
struct Place {
    std::string ref; ///< as the address has it: "main", "feature/x", an id
    git_oid commit{};
    std::string path; ///< without slashes at its ends; empty: the top
};

class Repository {
public:
    /// `directory` is the bare repository's own; it is shared with other handles of the same one.
    static Result<Repository> open(std::shared_ptr<const UniqueFd> directory);

    /// The full name of the branch that pages begin with: HEAD's; where that has no commit yet the newest one, if
    /// there is any.
    std::string default_branch() const;
    /// Branches and tags that lead to commits, newest first, at most `limit` of them looked at.
    Result<std::vector<Ref>> refs(size_t limit) const;
    /// The first line of its commit's message, or of its annotated tag's.
    std::string subject(const Ref& ref) const;
    /// The commit that the full ref name leads to.
    std::optional<git_oid> commit_of_ref(const std::string& name) const;
    /// Splits REF/PATH. The shortest leading part that is a branch, else a tag, else an object id is REF; a full name
    /// "refs/…" is always taken at its word. No parts, or "HEAD" where no ref is called so: the default branch, or the
    /// newest tag where there is no branch at all.
    std::optional<Place> resolve(const std::vector<std::string>& parts) const;
    /// The commit whose id begins with these 4 to 40 hex digits.
    std::optional<git_oid> commit_of_prefix(std::string_view hex) const;

    Result<CommitInfo> commit(const git_oid& id) const;
    /// What refs/notes/commits says of the commit; empty: nothing.
    std::string note(const git_oid& commit) const;

    /// What is at the path; the top has an entry too, of a directory without a name.
    std::optional<Entry> find(const git_oid& commit, const std::string& path) const;
    /// Directories first, then by name.
    Result<Listing> list(const git_oid& tree) const;
    /// The size and nothing else.
    Result<size_t> blob_size(const git_oid& id) const;
    /// An error when it is larger than `limit`.
    Result<std::string> blob(const git_oid& id, size_t limit) const;

    /// The commit-graph as its files are now; never null.
    std::shared_ptr<const CommitGraph> graph() const;

    const Objects& objects() const { return m_objects; }
    int directory() const { return m_directory->get(); }

private:
    bool has_commit(const git_oid& id) const;
    std::optional<Place> default_place() const;
    Repository(std::shared_ptr<const UniqueFd> directory, Objects objects)
        : m_directory(std::move(directory)), m_objects(std::move(objects)), m_refs(m_directory->get())
    {}
    std::shared_ptr<const UniqueFd> m_directory; ///< the first: the others read through it to their end
    Objects m_objects;
    RefFiles m_refs;
    mutable std::shared_ptr<const CommitGraph> m_graph;
    mutable std::string m_graph_stamp; ///< of the files that m_graph was read from
};

} // namespace quire::git
