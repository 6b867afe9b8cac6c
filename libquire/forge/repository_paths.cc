#include "forge/repository_paths.h"

#include "base/strings.h"
#include "forge/shared_config.h"

namespace quire::forge {

RepositoryPaths RepositoryPaths::of(const store::RepoName& name)
{
    RepositoryPaths paths;
    paths.m_repository = store::paths::repository(name);
    paths.m_runs = store::paths::repository_runs(name);
    paths.m_cache = store::paths::repository_cache(name);
    paths.m_include = forge::include_path(name);
    paths.m_shown = name.str();
    return paths;
}

RepositoryPaths RepositoryPaths::in_trash(const std::string& id)
{
    RepositoryPaths paths;
    paths.m_trash_item = store::paths::trash_item(id);
    paths.m_repository = paths.m_trash_item + "/repository";
    paths.m_runs = paths.m_trash_item + "/runs";
    paths.m_cache = paths.m_trash_item + "/cache";
    paths.m_include = std::string("../../../") + store::paths::git_config;
    paths.m_shown = "the trash";
    return paths;
}

Result<RepositoryPaths> RepositoryPaths::parse(const std::string& text)
{
    std::string_view rest = text;
    if (strip_prefix(rest, std::string(store::paths::trash) + "/") && strip_suffix(rest, "/repository") &&
        store::paths::parse_trash_id(rest))
        return in_trash(std::string(rest));
    rest = text;
    if (strip_prefix(rest, std::string(store::paths::repositories) + "/"))
        return of(TRY(store::RepoName::parse(rest)));
    return fail(ErrorKind::invalid, "'{}' is no place for a repository", text);
}

} // namespace quire::forge
