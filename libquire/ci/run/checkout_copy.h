// The workspace of a run that a person starts: a copy of the working tree as it is now.
//
// A job may do anything to its workspace (check out a tag, rewrite files), so it must not be the directory in which
// somebody works. The copy has all files that git does not ignore, also changed and untracked ones, in a repository of
// its own with the same HEAD, tags and branches. It borrows the objects, so it costs as much as a checkout.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "sys/temporary_directory.h"

namespace quire::ci {

class CheckoutCopy {
public:
    /// nullopt if `checkout` is not a git working tree, because then nothing says which files belong to it.
    static Result<std::optional<CheckoutCopy>> make(const std::string& checkout);

    /// The copy's counterpart of `checkout`. Deleted when the object is destroyed.
    const std::string& path() const { return m_path; }
    /// How many files differ from HEAD or are not in it.
    size_t changes() const { return m_changes; }

private:
    CheckoutCopy(sys::TemporaryDirectory directory, std::string path, size_t changes)
        : m_directory(std::move(directory)), m_path(std::move(path)), m_changes(changes)
    {}

    sys::TemporaryDirectory m_directory;
    std::string m_path;
    size_t m_changes;
};

/// The nearest directory, from the current one upwards, that has a pipeline; "." if there is none.
std::string nearest_pipeline();

} // namespace quire::ci
