// "/NAME/runs/N/log?q=PATTERN" and "/NAME/runs/logs?q=PATTERN": lines in the logs of one run, or of the newest runs.
#include <algorithm>

#include "search/log_search.h"
#include "store/run_directory.h"
#include "sys/file.h"
#include "web/budget/costly.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/runs/run_visit.h"

namespace quire::web {

constexpr size_t longest_pattern = 200;
constexpr size_t most_lines = 200;
constexpr size_t most_runs = 10'000;
constexpr size_t longest_line = 400;

void add_log_search(Html& body, const Url& here, std::string_view pattern)
{
    body.add("<form class=\"filter\" action=\"{}\"><label>lines that match <input type=\"text\" name=\"q\" "
             "value=\"{}\"></label><button type=\"submit\">search</button></form>\n",
             here, pattern);
}

/// ErrorKind::invalid has a sentence for the reader.
static Result<search::LogPattern> parse_pattern(std::string_view text)
{
    if (text.size() > longest_pattern)
        return fail(ErrorKind::invalid, "At most {} bytes, please.", longest_pattern);
    auto pattern = search::LogPattern::parse(text, search::Case::respected);
    if (!pattern)
        return fail(ErrorKind::invalid, "This can't be searched for: {}.", pattern.error().message);
    return pattern;
}

static Html marked(const search::LogHit& hit)
{
    Html html;
    std::string_view text = std::string_view(hit.text).substr(0, longest_line);
    size_t at = 0;
    for (const auto& [begin, end] : hit.marks) {
        if (end > text.size())
            break;
        html.add("{}<mark>{}</mark>", shown(text.substr(at, begin - at)), shown(text.substr(begin, end - begin)));
        at = end;
    }
    return html.add("{}", shown(text.substr(at)));
}

static void add_hits(Html& body, const store::RepoName& repo, uint64_t number, const std::vector<search::LogHit>& hits)
{
    body.add("<ul class=\"found\">\n");
    for (const search::LogHit& hit : hits) {
        Url log = Url::run_view(repo, number, "log", hit.job);
        std::string place = fmt::format("{}:{}:{}", shown_name(hit.job), hit.step, hit.entry);
        if (hit.step == 0)
            body.add("<li><a href=\"{}\">{}</a> ", log, place);
        else
            body.add("<li><a href=\"{}\">{}</a> ",
                     log.with("step", std::to_string(hit.step))
                         .with("entry", std::to_string(hit.entry))
                         .at(fmt::format("L{}-{}", hit.step, hit.entry)),
                     place);
        body.add("<code>{}</code></li>\n", marked(hit));
    }
    body.add("</ul>\n");
}

Result<http::Response> run_log_search(RunVisit& visit)
{
    std::string pattern_text(visit.visit.request.parameter("q"));
    std::string job = visit.rest.empty() ? "" : visit.rest[0];
    Html body;
    std::string title = fmt::format("log of run #{}", visit.run.number);
    body.append(page_head(title, Html(), Tools()));
    add_log_search(body, visit.link("log", job), pattern_text);
    bool is_whole = true;
    if (auto pattern = parse_pattern(pattern_text); !pattern) {
        body.add("<p class=\"empty\">{}</p>\n", pattern.error().message);
    } else {
        CostlyPlace place = TRY(CostlyPlace::take(visit.visit.request));
        search::LogScope scope{.job = job, .most = most_lines, .patience = costly_patience(visit.visit.request)};
        std::vector<search::LogHit> hits;
        TRY(search::LogSearch(*pattern).run(visit.directory.get(), scope, hits));
        is_whole = !scope.patience.is_over() && hits.size() < most_lines;
        if (hits.empty())
            body.add("<p class=\"empty\">No line matches.</p>\n");
        add_hits(body, visit.run.repo, visit.run.number, hits);
    }
    return render(visit.visit, {.title = title, .tab = Tab::runs, .is_whole = is_whole}, body);
}

Result<http::Response> logs_page(const Visit& visit)
{
    std::string pattern_text(visit.request.parameter("q"));
    Html body;
    body.append(page_head("in the logs", Html(), Tools()));
    add_log_search(body, Url::local(Url::runs(visit.name()).str() + "/logs"), pattern_text);
    auto pattern = pattern_text.empty()
                       ? Result<search::LogPattern>(fail(ErrorKind::invalid, "A regular expression, please."))
                       : parse_pattern(pattern_text);
    auto runs = visit.site.open_runs(*visit.repository);
    bool is_whole = true;
    if (!pattern || !runs) {
        body.add("<p class=\"empty\">{}</p>\n", pattern ? "Nothing has run yet." : pattern.error().message);
        return render(visit, {.title = "in the logs", .tab = Tab::runs}, body);
    }
    CostlyPlace place = TRY(CostlyPlace::take(visit.request));
    search::LogScope scope{.job = "", .most = most_lines, .patience = costly_patience(visit.request)};
    search::LogSearch search(*pattern);
    size_t found = 0;
    for (uint64_t number : TRY(store::newest_runs(runs->get(), most_runs))) {
        std::vector<search::LogHit> hits;
        auto run = sys::open_directory(runs->get(), std::to_string(number));
        if (!run)
            continue; // pruned meanwhile
        scope.most = most_lines - found;
        TRY(search.run(run->get(), scope, hits));
        found += hits.size();
        if (!hits.empty()) {
            body.add("<h2><a href=\"{}\">run #{}</a></h2>\n", Url::run(visit.name(), number), number);
            add_hits(body, visit.name(), number, hits);
        }
        is_whole = found < most_lines && !scope.patience.is_over();
        if (!is_whole)
            break;
    }
    if (found == 0)
        body.add("<p class=\"empty\">No line matches.</p>\n");
    return render(visit, {.title = "in the logs", .tab = Tab::runs, .is_whole = is_whole}, body);
}

} // namespace quire::web
