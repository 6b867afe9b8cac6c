// Runs for programs: Atom feeds, and a badge for a README.
#include <algorithm>

#include "git/ref_name.h"
#include "text/escape.h"
#include "web/html/parts.h"
#include "web/pages/pages.h"
#include "web/runs/run_feed.h"
#include "web/runs/run_graph.h"
#include "web/runs/run_visit.h"

namespace quire::web {

/// An absolute address, if the operator has configured ours, so that a feed reader can use it elsewhere.
static std::string absolute(const Visit& visit, const Url& url)
{
    std::string base = visit.site.config().url;
    while (base.ends_with('/'))
        base.pop_back();
    return base + url.str();
}

http::Response run_feed(const Visit& visit, std::string_view title, const Url& page,
                        const std::vector<store::RunRecord>& runs)
{
    using text::escape_html; // XML requires the same escapes for text and quoted values; names are made printable
                             // before
    Instant updated = 0;
    std::string entries;
    for (const store::RunRecord& run : runs) {
        Instant at = run.ended_at != 0 ? run.ended_at : run.started_at != 0 ? run.started_at : run.queued_at;
        updated = std::max(updated, at);
        std::string address = absolute(visit, Url::run(run.repo, run.number));
        entries += fmt::format(
            "<entry><id>{}</id><title>{} #{} {}: {}</title><updated>{}</updated>"
            "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/><author><name>{}</name></author>"
            "<summary>{}</summary></entry>\n",
            escape_html("urn:quire:" + run.repo.str() + ":run:" + std::to_string(run.number)),
            escape_html(run.repo.str()), run.number, escape_html(git::shown_ref(run.ref)), store::to_string(run.state),
            format_instant(at), escape_html(address),
            escape_html(run.pusher.empty() ? "quire" : shown_name(run.pusher)), escape_html(shown_subject(run.reason)));
    }
    http::Response response;
    response.content_type = "application/atom+xml; charset=utf-8";
    response.body = std::make_shared<const std::string>(fmt::format(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:quire:{}</id>"
        "<title>{}</title><updated>{}</updated><link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n{}</feed>\n",
        escape_html(page.str()), escape_html(title), format_instant(updated), escape_html(absolute(visit, page)),
        entries));
    http::finish_body(response);
    return response;
}

static const char* badge_colour(std::string_view state)
{
    if (state == "succeeded")
        return "#2f6f37";
    if (state == "failed" || state == "errored" || state == "timed-out")
        return "#a8281c";
    return state == "active" || state == "queued" ? "#7a5a00" : "#67625a";
}

Page badge_page(const Visit& visit)
{
    std::string ref(visit.request.parameter("ref"));
    if (ref.empty())
        ref = TRY(visit.site.open(*visit.repository))->default_branch();
    else if (!ref.starts_with("refs/"))
        ref = "refs/heads/" + ref;
    RunList list = TRY(list_runs(visit, {.ref = ref, .limit = 1, .skipped = Skipped::passed_over}));
    std::string state = list.runs.empty() ? "no runs" : std::string(store::to_string(list.runs[0].state));
    // A character in the font below is about 6.6 wide.
    int left = 38, right = 14 + static_cast<int>(state.size()) * 66 / 10;
    http::Response response;
    response.content_type = "image/svg+xml";
    response.policy = http::Policy::raw;
    Html svg;
    svg.add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"20\" role=\"img\" aria-label=\"runs: {}\">"
            "<title>runs: {}</title><rect width=\"{}\" height=\"20\" rx=\"3\" fill=\"#4a4640\"/>",
            left + right, state, state, left + right);
    svg.add("<path d=\"M{} 0h{}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{}z\" fill=\"{}\"/>", left, right - 3, right - 3,
            badge_colour(state));
    svg.add("<g fill=\"#fff\" font-family=\"DejaVu Sans Mono,monospace\" font-size=\"11\"><text x=\"6\" "
            "y=\"14\">runs</text>"
            "<text x=\"{}\" y=\"14\">{}</text></g></svg>\n",
            left + 7, state);
    response.body = std::make_shared<const std::string>(svg.take());
    http::finish_body(response);
    return response;
}

} // namespace quire::web
