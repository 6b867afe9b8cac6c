// Objects: the object database of one repository, opened through its directory's descriptor.
//
// The database itself is opened when the first object is asked for: a page made from quire's own files needs none.
// Every read has a limit: an object above it is refused before it is loaded. The paths that libgit2 builds go through
// /proc/self/fd, so they lead to the directory that was opened, whatever its name is by now. Read-only. Only one thread
// may use it at a time.
#pragma once

#include <optional>
#include <string_view>

#include "base/unique_fd.h"
#include "git/handle.h"

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

    struct Header {
        git_object_t type = GIT_OBJECT_INVALID;
        size_t size = 0;
    };
    /// nullopt: it is not here, or can't be read.
    std::optional<Header> header(const git_oid& id) const;
    /// ErrorKind::not_found if there is no object of that type, refused if it has more than `limit` bytes.
    Result<OdbObjectHandle> read(const git_oid& id, git_object_t type, size_t limit) const;
    /// read() in two steps, for who wants to know the size first.
    Result<Header> check(const git_oid& id, git_object_t type, size_t limit) const;
    Result<OdbObjectHandle> read_checked(const git_oid& id) const;
    /// A file as libgit2's diff takes it without hashing it. Errors are those of read().
    Result<BlobHandle> read_blob(const git_oid& id, size_t limit) const;
    /// The object whose id begins with these hex digits, if there is exactly one.
    std::optional<git_oid> find_prefix(std::string_view hex) const;
    /// The commit itself, or the commit that a tag leads to.
    std::optional<git_oid> peel_to_commit(git_oid id) const;

private:
    Result<git_odb*> odb() const;

    int m_directory;
    mutable OdbHandle m_odb;          ///< null at first
    mutable RepositoryHandle m_blobs; ///< m_odb alone in a repository, whose objects libgit2's blobs are; null at first
};

std::string_view content_of(const OdbObjectHandle& object);

} // namespace quire::git
