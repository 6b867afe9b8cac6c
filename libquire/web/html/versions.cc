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

Html versions_note(const Visit& visit, const git_oid& from, const git_oid& to)
{
    Html note;
    note.add("from <a href=\"{}\"><code>{}</code></a> to <a href=\"{}\"><code>{}</code></a>",
             Url::view(visit.name(), "commit", git::to_string(from)), short_id(from),
             Url::view(visit.name(), "commit", git::to_string(to)), short_id(to));
    return note;
}

} // namespace quire::web
