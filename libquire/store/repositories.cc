#include "store/repositories.h"

#include <algorithm>

#include "sys/file.h"

namespace quire::store {

static void add_if_repository(std::vector<RepoName>& names, const std::string& candidate)
{
    if (!candidate.ends_with(".git"))
        return;
    if (auto name = RepoName::parse(candidate))
        names.push_back(std::move(*name));
}

Result<std::vector<RepoName>> list_repositories(const Root& root)
{
    std::vector<RepoName> names;
    UniqueFd repositories = TRY(sys::open_directory(root.fd(), paths::repositories));
    for (const std::string& entry : TRY(sys::list_directory(repositories.get(), "."))) {
        if (entry.ends_with(".git")) {
            add_if_repository(names, entry);
            continue;
        }
        if (entry.starts_with('.'))
            continue;
        auto group = sys::list_directory(repositories.get(), entry);
        if (!group && group.error().code != ENOTDIR && group.error().code != ENOENT)
            return Unexpected(std::move(group).error());
        for (const std::string& below : std::move(group).value_or({}))
            add_if_repository(names, entry + "/" + below);
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace quire::store
