// "/NAME/-/log/REF": commits, a page at a time.
#include <algorithm>

#include "base/strings.h"
#include "web/history.h"
#include "web/layout.h"
#include "web/pages.h"
#include "web/parts.h"

namespace quire::web {

constexpr size_t page_size = 50;
/// Passing over commits costs a walk: further back, a reader starts from a commit instead.
constexpr size_t max_skip = 20'000;

Page log_page(const Visit& visit)
{
    auto repository = TRY(visit.site.open(*visit.repository));
    git::Place place = TRY(find_place(visit, *repository));
    size_t skip = std::min<size_t>(parse_decimal(visit.request.parameter("skip")).value_or(0), max_skip);
    std::vector<git::CommitInfo> commits;
    if (place.path.empty())
        commits = TRY(repository->log(place.commit, skip, page_size + 1));
    else
        commits = TRY(path_history(*visit.repository, *repository, place, skip, page_size + 1));
    bool has_more = commits.size() > page_size;
    if (has_more)
        commits.pop_back();
    Html body;
    if (place.path.empty())
        body.add("<h1>log</h1>\n");
    else
        body = path_line(visit.name(), place);
    body.add("<p class=\"facts\">of {}</p>\n", shown_name(place.ref));
    if (commits.empty())
        body.add("<p class=\"empty\">No commits.</p>\n");
    body.append(commit_list(visit.name(), commits));
    Url here = Url::view(visit.name(), "log", place.ref, place.path);
    body.add("<nav class=\"pages\" aria-label=\"pages\">");
    if (skip > 0)
        body.add("<a rel=\"prev\" href=\"{}\">newer</a> ", skip > page_size ? here.with("skip", std::to_string(skip - page_size)) : here);
    if (has_more)
        body.add("<a rel=\"next\" href=\"{}\">older</a>", here.with("skip", std::to_string(skip + page_size)));
    body.add("</nav>\n");
    return render(visit, {.title = "log", .tab = Tab::log}, body);
}

} // namespace quire::web
