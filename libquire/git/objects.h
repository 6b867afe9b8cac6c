// Objects: the object database of one repository, opened through its directory's descriptor.
//
// Packs are read by our own code (git/packs.h), the rest by libgit2, whose database is opened when the first object is
// asked for that is in no pack.
// Every read has a limit: an object above it is refused before it is loaded. The paths that libgit2 builds go through
// /proc/self/fd, so they lead to the directory that was opened, whatever its name is by now. Read-only. Only one thread
// may use it at a time.
#pragma once

#include <optional>
#include <string_view>

#include "base/unique_fd.h"
#include "git/handle.h"
#include "git/object.h"
#include "git/packs.h"

namespace quire::git {

/// No honest commit, tag or directory is larger than this.
constexpr size_t max_commit_bytes = 32u << 20;
constexpr size_t max_tree_bytes = 16u << 20;

class Objects {
public:
    /// `directory` is the repository; it must stay open as long as the object lives.
    explicit Objects(int directory);
    /// An error if there is no such database. What is read opens it by itself.
    Result<void> open() const;
    /// Lets go of packs that have been replaced. Returns whether there were any changes. REQUIRES: nothing that was
    /// read by read_blob() is left.
    bool renew() const;

    using Header = ObjectHeader;
    /// nullopt: it is not here, or can't be read.
    std::optional<Header> header(const git_oid& id) const;
    /// ErrorKind::not_found if there is no object of that type, refused if it has more than `limit` bytes.
    Result<Object> read(const git_oid& id, git_object_t type, size_t limit) const;
    /// read() in two steps, for who wants to know the size first.
    Result<Header> check(const git_oid& id, git_object_t type, size_t limit) const;
    Result<Object> read_checked(const git_oid& id) const;
    /// A file as libgit2's diff takes it without hashing it. Errors are those of read().
    Result<BlobHandle> read_blob(const git_oid& id, size_t limit) const;
    /// The object whose id begins with these hex digits, if there is exactly one.
    std::optional<git_oid> find_prefix(std::string_view hex) const;
    /// The commit itself, or the commit that a tag leads to.
    std::optional<git_oid> peel_to_commit(git_oid id) const;

private:
    Result<git_odb*> odb() const;

    int m_directory;
    mutable Packs m_packs;
    mutable OdbHandle m_odb;          ///< null at first
    mutable RepositoryHandle m_blobs; ///< m_odb alone in a repository, whose objects libgit2's blobs are; null at first
};

} // namespace quire::git
