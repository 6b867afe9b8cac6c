// The paths of a repository, its runs and its cache, under a name or in the trash. Private to forge/.
#pragma once

#include <string>

#include "base/result.h"
#include "store/root.h"

namespace quire::forge {

class RepositoryPaths {
public:
    static RepositoryPaths of(const store::RepoName& name);
    static RepositoryPaths in_trash(const std::string& id);
    /// The inverse of str().
    static Result<RepositoryPaths> parse(const std::string& text);

    /// The repository's path below the root; it shows whether it is in the trash.
    const std::string& str() const { return m_repository; }
    const std::string& repository() const { return m_repository; }
    const std::string& runs() const { return m_runs; }
    const std::string& cache() const { return m_cache; }
    /// The repository's name. REQUIRES !is_in_trash().
    Result<store::RepoName> name() const { return store::RepoName::parse(m_shown); }
    bool is_in_trash() const { return !m_trash_item.empty(); }
    /// The item's id. REQUIRES is_in_trash().
    const std::string& trash_item() const { return m_trash_item; }
    /// The path by which the repository at this place includes the shared git config.
    const std::string& include_path() const { return m_include; }
    /// "foo", or "the trash", for messages.
    const std::string& shown() const { return m_shown; }

    bool operator==(const RepositoryPaths& other) const { return m_repository == other.m_repository; }

private:
    std::string m_repository, m_runs, m_cache, m_trash_item, m_include, m_shown;
};

} // namespace quire::forge
