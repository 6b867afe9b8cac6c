// Handle owns one libgit2 object and frees it. Only for quire_git2, the library of quire-serve: starting libgit2 would
// cost a short-lived program ten milliseconds.
#pragma once

#include <git2.h>
#include <git2/sys/repository.h>

#include <memory>
#include <new>
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

using OdbObjectHandle = std::unique_ptr<git_odb_object, Freer<git_odb_object_free>>;
using BlobHandle = std::unique_ptr<git_blob, Freer<git_blob_free>>;
using RepositoryHandle = std::unique_ptr<git_repository, Freer<git_repository_free>>;
using OdbHandle = std::unique_ptr<git_odb, Freer<git_odb_free>>;

/// Calls `make(&object)` and owns the result. libgit2's error texts contain paths: they are for the log only.
template <class Owner, class Make>
Result<Owner> own(std::string_view what, Make make)
{
    typename Owner::pointer object = nullptr;
    int code = make(&object);
    if (code == 0)
        return Owner(object);
    if (code == GIT_ENOTFOUND || code == GIT_EINVALIDSPEC)
        return fail(ErrorKind::not_found, "{} is not here", what);
    const git_error* error = git_error_last();
    if (error && error->klass == GIT_ERROR_NOMEMORY)
        throw std::bad_alloc();
    return fail(ErrorKind::system, "{}: {}", what, error ? error->message : "libgit2 failed");
}

/// Starts libgit2 once and limits its caches. Long-lived programs call it before they start threads.
void start_libgit2();

} // namespace quire::git
