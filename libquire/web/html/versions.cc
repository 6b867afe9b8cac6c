#include "web/html/versions.h"

#include "web/html/parts.h"

namespace quire::web {

static Result<git_oid> find_version(const git::Repository& repository, std::string_view text)
{
    auto id = git::parse_oid(text);
    if (!id)
        return fail(ErrorKind::not_found, "'{}' is no full id of a commit.", shown_name(text));
    if (!repository.commit(*id))
        return fail(ErrorKind::not_found,
                    "The version {} is not here any more: what no branch or tag holds is kept for a while only.",
                    short_id(*id));
    return *id;
}

Result<Versions> find_versions(const git::Repository& repository, std::string_view range)
{
    size_t dots = range.find("..");
    if (dots == std::string_view::npos)
        return fail(ErrorKind::not_found, "Name the old and the new version by their full ids: OLD..NEW.");
    return Versions{.from = TRY(find_version(repository, range.substr(0, dots))),
                    .to = TRY(find_version(repository, range.substr(dots + 2)))};
}

} // namespace quire::web
