#include "forge/place.h"

#include "base/strings.h"
#include "forge/shared_config.h"

namespace quire::forge {

Place Place::of(const store::RepoName& name)
{
    Place place;
    place.m_repository = store::paths::repository(name);
    place.m_runs = store::paths::repository_runs(name);
    place.m_cache = store::paths::repository_cache(name);
    place.m_include = forge::include_path(name);
    place.m_shown = name.str();
    return place;
}

Place Place::in_trash(const std::string& id)
{
    Place place;
    place.m_trash_item = store::paths::trash_item(id);
    place.m_repository = place.m_trash_item + "/repository";
    place.m_runs = place.m_trash_item + "/runs";
    place.m_cache = place.m_trash_item + "/cache";
    place.m_include = std::string("../../../") + store::paths::git_config;
    place.m_shown = "the trash";
    return place;
}

Result<Place> Place::parse(const std::string& text)
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
