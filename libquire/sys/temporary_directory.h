// A temporary directory that is removed, with its content, when the object is destroyed.
//
// Its mode is 0700, and no other process uses its name. A killed process leaves it behind; the owner of the parent
// directory sweeps it away.
#pragma once

#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

class TemporaryDirectory {
public:
    /// Makes it in `base`, an absolute path; if that is empty, in TMPDIR or /tmp.
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
