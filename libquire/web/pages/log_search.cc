// "/NAME/runs/N/log?q=PATTERN" and "/NAME/runs/logs?q=PATTERN": lines in the logs of one run, or of the newest runs.
#include <algorithm>

#include "search/log_search.h"
#include "store/run_directory.h"
#include "sys/file.h"
#include "text/terminal.h"
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

/// Without the colours of a terminal.
static std::string printed(std::string_view text) { return shown(text::log_for_terminal(text, text::Colour::drop)); }

static Html marked(const search::LogHit& hit)
{
    Html html;
    std::string_view text = std::string_view(hit.text).substr(0, longest_line);
    size_t at = 0;
    for (const auto& [begin, end] : hit.marks) {
        if (end > text.size())
            break;
        html.add("{}<mark>{}</mark>", printed(text.substr(at, begin - at)), printed(text.substr(begin, end - begin)));
        at = end;
    }
    return html.add("{}", printed(text.substr(at)));
}

/// Leads to the line; what a job itself logged stands at the top of its log.
static Url line_of(const Url& log, const search::LogHit& hit)
{
    if (hit.step == 0)
        return log;
    return log.with("step", std::to_string(hit.step))
        .with("entry", std::to_string(hit.entry))
        .at(fmt::format("L{}-{}", hit.step, hit.entry));
}

/// The lines of one command after the other, as those of files are in a search.
static void add_hits(Html& body, const store::RepoName& repo, uint64_t number, const std::vector<search::LogHit>& hits)
{
    const search::LogHit* last = nullptr;
    for (const search::LogHit& hit : hits) {
        Url log = Url::run_view(repo, number, "log", hit.job);
        if (!last || last->job != hit.job || last->step != hit.step) {
            body.add("{}<h3><a href=\"{}\">{}</a>", last ? Html().add("</div>\n") : Html(), log, shown_name(hit.job));
            if (hit.step > 1)
                body.add(" <span class=\"by\">step {}</span>", hit.step);
            body.add("</h3>\n<div class=\"matches\">\n");
        }
        body.add("<a class=\"match\" href=\"{}\"><span class=\"n\">{}</span><code>{}</code></a>\n", line_of(log, hit),
                 hit.entry, marked(hit));
        last = &hit;
    }
    if (last)
        body.add("</div>\n");
}

/// Why there is nothing, or not all.
static void add_end(Html& body, size_t found, bool is_late)
{
    if (is_late)
        body.add("<p class=\"notice\">Time ran out before all was searched.</p>\n");
    else if (found >= most_lines)
        body.add("<p class=\"notice\">More lines match than the first {}, which are shown here.</p>\n", most_lines);
    else if (found == 0)
        body.add("<p class=\"empty\">No line matches.</p>\n");
}

Result<http::Response> run_log_search(RunVisit& visit)
{
    std::string pattern_text(visit.visit.request.parameter("q"));
    std::string job = visit.rest.empty() ? "" : visit.rest[0];
    Html body;
    std::string title = log_title(visit);
    Tools tools;
    tools.link(fmt::format("run #{}", visit.run.number), Url::run(visit.run.repo, visit.run.number))
        .link(job.empty() ? "whole log" : fmt::format("log of {}", shown_name(job)), visit.link("log", job));
    body.append(page_head(title, Html(), tools));
    add_log_search(body, visit.link("log", job), pattern_text);
    bool is_whole = true;
    if (auto pattern = parse_pattern(pattern_text); !pattern) {
        body.add("<p class=\"empty\">{}</p>\n", pattern.error().message);
    } else {
        CostlyPlace place = TRY(CostlyPlace::take(visit.visit.request));
        search::LogScope scope{.job = job, .most = most_lines, .patience = costly_patience(visit.visit.request)};
        std::vector<search::LogHit> hits;
        TRY(search::LogSearch(*pattern).run(visit.directory.get(), scope, hits));
        bool is_late = scope.patience.is_over();
        is_whole = !is_late && hits.size() < most_lines;
        if (!hits.empty())
            body.add("<h2>lines</h2>\n");
        add_hits(body, visit.run.repo, visit.run.number, hits);
        add_end(body, hits.size(), is_late);
    }
    return render(visit.visit, {.title = title, .tab = Tab::runs, .is_whole = is_whole}, body);
}

Result<http::Response> logs_page(const Visit& visit)
{
    std::string pattern_text(visit.request.parameter("q"));
    Html body;
    constexpr const char* title = "search in logs";
    body.append(page_head(title, Html(), Tools().link("runs", Url::runs(visit.name()))));
    add_log_search(body, Url::local(Url::runs(visit.name()).str() + "/logs"), pattern_text);
    auto pattern = pattern_text.empty()
                       ? Result<search::LogPattern>(fail(ErrorKind::invalid, "A regular expression, please."))
                       : parse_pattern(pattern_text);
    auto runs = visit.site.open_runs(*visit.repository);
    bool is_whole = true;
    if (!pattern || !runs) {
        body.add("<p class=\"empty\">{}</p>\n", pattern ? "Nothing has run yet." : pattern.error().message);
        return render(visit, {.title = title, .tab = Tab::runs}, body);
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
    add_end(body, found, scope.patience.is_over());
    return render(visit, {.title = title, .tab = Tab::runs, .is_whole = is_whole}, body);
}

} // namespace quire::web
