// "/NAME/-/interdiff/A..B": two commits, full ids, compared as two versions of one change, whatever they are based on.
// With "?series=1": all commits that only one of them has, each with the one that took its place.
#include "base/strings.h"
#include "web/code/interdiff_view.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/html/versions.h"
#include "web/pages/pages.h"

namespace quire::web {

Page interdiff_page(const Visit& visit)
{
    std::string range = join(visit.rest, "/");
    auto repository = TRY(visit.site.open(*visit.repository));
    auto [from, to] = TRY(find_versions(*repository, range));
    bool is_series = !visit.request.parameter("series").empty();
    Url here = Url::view(visit.name(), "interdiff", range);
    Html body;
    Tools tools;
    tools
        .choice("what is compared", {{"these two alone", here, !is_series},
                                     {"the series that end in them", here.with("series", "1"), is_series}})
        .deep_link("all differences", Url::view(visit.name(), "compare", range));
    body.append(page_head(is_series ? "what became of a series" : "from one version to another",
                          versions_note(visit, from, to), tools));
    bool is_whole = true;
    if (is_series)
        body.append(TRY(render_series(visit, *repository, from, to, is_whole)));
    else
        body.append(TRY(render_interdiff(visit, *repository, from, to, here, is_whole)));
    return render(visit, {.title = "interdiff", .tab = Tab::log, .is_whole = is_whole}, body);
}

} // namespace quire::web
