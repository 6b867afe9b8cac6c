// "/NAME/-/paths/REF": the names of all files, for the file finder.
#include "web/budget/costly.h"
#include "web/code/file_list.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"

namespace quire::web {

Page paths_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    git::CommitInfo commit = TRY(repository->commit(place.commit));
    http::Response response;
    response.content_type = "application/json";
    response.policy = http::Policy::raw;
    response.body = path_list(visit.site, *repository, commit.tree, costly_patience(visit.request));
    http::finish_body(response);
    return response;
}

} // namespace quire::web
