// "/NAME/-/raw/REF/PATH": a file's bytes, under a type and a policy with which nothing in them runs.
#include "web/media.h"
#include "web/pages.h"
#include "web/parts.h"

namespace quire::web {

constexpr size_t max_raw = 64u << 20;

Page raw_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    auto entry = repository->find(place.commit, place.path);
    if (!entry || entry->is_submodule() || entry->is_directory())
        return fail(ErrorKind::not_found, "'{}' has no file '{}'.", shown_name(place.ref), shown_name(place.path));
    std::string content = TRY(repository->blob(entry->id, max_raw));
    http::Response response;
    response.policy = http::Policy::raw;
    response.content_type = raw_type(entry->name, content);
    if (response.content_type == "application/octet-stream")
        response.headers.emplace_back("Content-Disposition", "attachment");
    response.etag = fmt::format("\"{}\"", git::to_string(entry->id));
    response.body = std::make_shared<const std::string>(std::move(content));
    http::finish_body(response);
    return response;
}

} // namespace quire::web
