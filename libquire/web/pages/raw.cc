// "/NAME/-/raw/REF/PATH": the bytes of a file, with a type and a policy under which nothing in them is executed.
#include "web/budget/git_stream.h"
#include "web/code/find_entry.h"
#include "web/code/media.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

/// Larger files are sent while git unpacks them.
constexpr size_t max_in_memory = 4u << 20;

/// The type depends on the name alone: a picture, or bytes to save.
static Page send_large(const Visit& visit, const git::Entry& entry, size_t size)
{
    std::string type = is_image(entry.name) ? std::string(raw_type(entry.name, "")) : "application/octet-stream";
    http::Response response = TRY(git_stream(
        visit, {.arguments = {"cat-file", "blob", git::to_string(entry.id)}, .content_type = type, .size = size}));
    if (type == "application/octet-stream")
        response.headers.emplace_back("Content-Disposition", "attachment");
    response.etag = fmt::format("\"{}\"", git::to_string(entry.id));
    response.caching = http::Caching::revalidate;
    return response;
}

Page raw_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    auto entry = EntryFinder(visit, *repository, place.commit).find(place.path);
    if (!entry || entry->is_submodule() || entry->is_directory())
        return fail(ErrorKind::not_found, "'{}' has no file '{}'.", shown_ref(place), shown_name(place.path));
    size_t size = TRY(repository->blob_size(entry->id));
    if (size > max_in_memory)
        return send_large(visit, *entry, size);
    std::string content = TRY(repository->blob(entry->id, max_in_memory));
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
