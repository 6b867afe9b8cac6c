// Handle: owns one libgit2 object and frees it. Only for quire_git2, the library behind quire-serve: libgit2 costs
// a short-lived program ten milliseconds to start.
#pragma once

#include <git2.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace quire::git {

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};

using RepositoryHandle = std::unique_ptr<git_repository, Freer<git_repository_free>>;
using ReferenceHandle = std::unique_ptr<git_reference, Freer<git_reference_free>>;
using IteratorHandle = std::unique_ptr<git_reference_iterator, Freer<git_reference_iterator_free>>;
using ObjectHandle = std::unique_ptr<git_object, Freer<git_object_free>>;
using CommitHandle = std::unique_ptr<git_commit, Freer<git_commit_free>>;
using TagHandle = std::unique_ptr<git_tag, Freer<git_tag_free>>;
using TreeHandle = std::unique_ptr<git_tree, Freer<git_tree_free>>;
using TreeEntryHandle = std::unique_ptr<git_tree_entry, Freer<git_tree_entry_free>>;
using BlobHandle = std::unique_ptr<git_blob, Freer<git_blob_free>>;
using DiffHandle = std::unique_ptr<git_diff, Freer<git_diff_free>>;
using PatchHandle = std::unique_ptr<git_patch, Freer<git_patch_free>>;
using NoteHandle = std::unique_ptr<git_note, Freer<git_note_free>>;
using OdbObjectHandle = std::unique_ptr<git_odb_object, Freer<git_odb_object_free>>;
using OdbHandle = std::unique_ptr<git_odb, Freer<git_odb_free>>;

/// Calls `make(&object)` and owns what it made.
template <class Owner, class Make>
Result<Owner> own(std::string_view what, Make make)
{
    typename Owner::pointer object = nullptr;
    int code = make(&object);
    if (code == 0)
        return Owner(object);
    const git_error* error = git_error_last();
    ErrorKind kind = code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC ? ErrorKind::not_found : ErrorKind::system;
    return fail(kind, "{}: {}", what, error ? error->message : "libgit2 failed");
}

/// Starts libgit2 once and bounds its caches. Long-lived programs call it before they start threads.
void start_libgit2();

} // namespace quire::git
