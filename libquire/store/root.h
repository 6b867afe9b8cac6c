// Root: the data root, an open directory. It must exist; `prepare` creates the directories that belong in it. What is
// below it is named by store/paths.h, relative to fd().
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "store/paths.h"
#include "store/repo_name.h"

namespace quire::store {

constexpr const char* default_root = "/var/quire";

class Root {
public:
    /// --root if given, else QUIRE_ROOT, else /var/quire.
    static std::string choose(const std::optional<std::string>& option);
    /// Opens the directory; its path is made absolute and free of symlinks.
    static Result<Root> open(const std::string& path);
    /// Makes the directories of the contract that are missing.
    Result<void> prepare() const;

    int fd() const { return m_fd.get(); }
    const std::string& path() const { return m_path; }
    std::string absolute(const std::string& relative) const { return m_path + "/" + relative; }

    /// The repository's directory, without following a symlink out of repos/. not_found if there is none.
    Result<UniqueFd> open_repository(const RepoName& name) const;
    bool has_repository(const RepoName& name) const;

private:
    Root(std::string path, UniqueFd fd) : m_path(std::move(path)), m_fd(std::move(fd)) {}
    std::string m_path;
    UniqueFd m_fd;
};

} // namespace quire::store
