// "/NAME/-/interdiff/A..B": two commits, full ids, compared as two versions of one change, whatever they are based on.
// With "?series=1": all commits that only one of them has, each with the one that took its place; they are sent one by
// one as they are compared.
#include "base/strings.h"
#include "web/budget/costly.h"
#include "web/code/interdiff_view.h"
#include "web/code/series_view.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/html/streamed_page.h"
#include "web/html/versions.h"
#include "web/pages/pages.h"

namespace quire::web {

/// Where all comparisons are known the page is sent whole, else in pieces.
static Page series_page(const Visit& visit, const git::Repository& repository, const Versions& versions,
                        const Frame& frame, Html body)
{
    auto series = TRY(Series::find(repository, versions.from, versions.to, costly_patience(visit.request)));
    body.append(series.beginning());
    if (series.has_all(visit)) {
        series.render(visit, repository, Patience(), [&](const Html& row) { body.append(row); });
        return render(visit, frame, body);
    }
    return stream_page(visit, frame, body, [series](const Visit& later, PageWriter& page) -> Result<bool> {
        auto again = TRY(later.site.open(*later.repository));
        return series.render(later, *again, costly_patience(later.request), [&](const Html& row) { page.add(row); });
    });
}

Page interdiff_page(const Visit& visit)
{
    std::string range = join(visit.rest, "/");
    auto repository = TRY(visit.site.open(*visit.repository));
    Versions versions = TRY(find_versions(*repository, range));
    auto [from, to] = versions;
    bool is_series = !visit.request.parameter("series").empty();
    Url here = Url::view(visit.name(), "interdiff", range);
    Html body;
    Tools tools;
    tools
        .choice("what is compared", {{"these two alone", here, !is_series},
                                     {"the series that end in them", here.with("series", "1"), is_series}})
        .deep_link("all differences", Url::view(visit.name(), "compare", range));
    std::string title = is_series ? "what became of a series" : "from one version to another";
    body.append(page_head(title, versions_note(visit, from, to), tools));
    Frame frame{.title = title, .tab = Tab::log};
    if (is_series)
        return series_page(visit, *repository, versions, frame, std::move(body));
    body.append(TRY(render_interdiff(visit, *repository, from, to, here, frame.is_whole)));
    return render(visit, frame, body);
}

} // namespace quire::web
