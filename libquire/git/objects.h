// Objects: the object database of one repository, opened through its directory's descriptor.
//
// Every read has a limit: what is larger is refused before it comes into memory. Paths that libgit2 makes go through
// /proc/self/fd, so they lead to the directory that was opened, whatever it is called by now. Read only. Not for use
// from two threads at once.
#pragma once

#include <optional>
#include <string_view>

#include "base/unique_fd.h"
#include "git/handle.h"

namespace quire::git {

/// What no honest commit, tag or directory is larger than.
constexpr size_t max_commit_bytes = 32u << 20;
constexpr size_t max_tree_bytes = 16u << 20;

class Objects {
public:
    /// `directory` is the repository; it must stay open as long as the object.
    static Result<Objects> open(int directory);

    struct Header {
        git_object_t type = GIT_OBJECT_INVALID;
        size_t size = 0;
    };
    std::optional<Header> header(const git_oid& id) const;
    /// not_found when there is no object of that type, refused when it has more than `limit` bytes.
    Result<OdbObjectHandle> read(const git_oid& id, git_object_t type, size_t limit) const;
    /// The one object whose id begins with these hex digits.
    std::optional<git_oid> find_prefix(std::string_view hex) const;
    /// The commit that the object is, or that it leads to as a tag.
    std::optional<git_oid> peel_to_commit(git_oid id) const;

private:
    explicit Objects(OdbHandle odb) : m_odb(std::move(odb)) {}
    OdbHandle m_odb;
};

std::string_view content_of(const OdbObjectHandle& object);

} // namespace quire::git
