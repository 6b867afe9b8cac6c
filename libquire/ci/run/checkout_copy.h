// What a person's own run works in: a copy of the working tree, as it is at this moment.
//
// A job may do what it likes to its workspace (check out a tag, rewrite files), so that is never the directory in which
// somebody is working. The copy has what git does not ignore, changed or not yet added, in a repository of its own with
// the same HEAD, tags and branches; it borrows the objects, so it costs as much as checking the files out.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "sys/temporary_directory.h"

namespace quire::ci {

class CheckoutCopy {
public:
    /// nullopt where `checkout` is no working tree of git: there is nothing to tell what belongs into it.
    static Result<std::optional<CheckoutCopy>> make(const std::string& checkout);

    /// Where `checkout` is in the copy; gone with the object.
    const std::string& path() const { return m_path; }
    /// How many files differ from HEAD, or are not in it.
    size_t changes() const { return m_changes; }

private:
    CheckoutCopy(sys::TemporaryDirectory directory, std::string path, size_t changes)
        : m_directory(std::move(directory)), m_path(std::move(path)), m_changes(changes)
    {}

    sys::TemporaryDirectory m_directory;
    std::string m_path;
    size_t m_changes;
};

/// The nearest directory from here upwards that has a pipeline; "." when none has.
std::string nearest_pipeline();

} // namespace quire::ci
