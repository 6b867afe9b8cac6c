// A directory of our own that is gone, with all that is in it, when the object is.
//
// It is 0700 and its name is one that no other process uses. A process that is killed leaves it behind; whoever owns
// the directory around it sweeps.
#pragma once

#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class TemporaryDirectory {
public:
    /// Below `base`, an absolute path; empty: TMPDIR or /tmp.
    static Result<TemporaryDirectory> create(const std::string& base, std::string_view prefix);
    TemporaryDirectory(TemporaryDirectory&&) = default;
    TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
    ~TemporaryDirectory();

    int fd() const { return m_fd.get(); }
    const std::string& path() const { return m_path; }

private:
    TemporaryDirectory(std::string path, UniqueFd fd) : m_path(std::move(path)), m_fd(std::move(fd)) {}
    std::string m_path;
    UniqueFd m_fd;
};

} // namespace quire::sys
