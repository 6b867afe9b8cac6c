// "/runs", "/NAME/runs", "/NAME/runs/N": what ran, newest first, and one run.
#include <algorithm>

#include "base/strings.h"
#include "store/create_run.h"
#include "store/run_record.h"
#include "web/layout.h"
#include "web/pages.h"
#include "web/parts.h"

namespace quire::web {

constexpr size_t page_size = 50;

static std::string short_ref(std::string_view ref)
{
    if (!strip_prefix(ref, "refs/heads/"))
        strip_prefix(ref, "refs/tags/");
    return shown_name(ref);
}

static void add_run(Html& body, const store::RunRecord& run, bool with_name)
{
    std::string state(store::to_string(run.state));
    body.add("<li><span class=\"state {}\">{}</span><a class=\"name\" href=\"{}\">", state, state, Url::run(run.repo, run.number));
    if (with_name)
        body.add("{} ", run.repo.str());
    body.add("#{}</a><span class=\"by\">{} <code>{}</code></span><span class=\"description\">{}</span>{}</li>\n", run.number,
             short_ref(run.ref), run.sha.substr(0, 8), shown_name(run.reason), date_and_time(run.queued_at));
}

static Result<std::vector<store::RunRecord>> read_runs(const Visit& visit, const store::RepoName& name, size_t count,
                                                       uint64_t before)
{
    std::vector<store::RunRecord> runs;
    for (uint64_t number : TRY(store::newest_runs(visit.site.root(), name, count, before)))
        if (auto run = store::read_run_record(visit.site.root(), name, number))
            runs.push_back(std::move(*run));
    return runs;
}

static Html run_facts(const store::RunRecord& run)
{
    Html html;
    std::string state(store::to_string(run.state));
    html.add("<dl class=\"facts\">\n<dt>state</dt><dd><span class=\"state {}\">{}</span> {}</dd>\n", state, state,
             shown_name(run.reason));
    if (run.superseded_by != 0)
        html.add("<dt>successor</dt><dd><a href=\"{}\">#{}</a></dd>\n", Url::run(run.repo, run.superseded_by), run.superseded_by);
    html.add("<dt>ref</dt><dd>{}</dd>\n<dt>commit</dt><dd><a href=\"{}\"><code>{}</code></a></dd>\n", short_ref(run.ref),
             Url::view(run.repo, "commit", run.sha), run.sha);
    html.add("<dt>source</dt><dd>{}", run.source);
    if (!run.pusher.empty())
        html.add(" by {}", shown_name(run.pusher));
    html.add("</dd>\n<dt>queued</dt><dd>{}</dd>\n", date_and_time(run.queued_at));
    if (run.started_at != 0)
        html.add("<dt>started</dt><dd>{}</dd>\n", date_and_time(run.started_at));
    if (run.ended_at != 0)
        html.add("<dt>ended</dt><dd>{}</dd>\n", date_and_time(run.ended_at));
    return html.add("</dl>\n<h2>the same on your machine</h2>\n"
                    "<pre class=\"command\" tabindex=\"0\"><code>git checkout {} &amp;&amp; quire-ci run</code></pre>\n",
                    run.sha);
}

static Page run_page(const Visit& visit, uint64_t number)
{
    auto run = store::read_run_record(visit.site.root(), visit.name(), number);
    if (!run)
        return fail(ErrorKind::not_found, "There is no run #{}, or it has been pruned.", number);
    Html body;
    body.add("<h1>run #{}</h1>\n{}", number, run_facts(*run));
    return render(visit, {.title = fmt::format("run #{}", number), .tab = Tab::runs}, body);
}

Page runs_page(const Visit& visit)
{
    if (visit.rest.size() == 1) {
        auto number = parse_decimal(visit.rest[0]);
        if (number && *number > 0)
            return run_page(visit, *number);
    }
    if (!visit.rest.empty())
        return fail(ErrorKind::not_found, "A run has a number.");
    uint64_t before = parse_decimal(visit.request.parameter("before")).value_or(0);
    std::vector<store::RunRecord> runs = TRY(read_runs(visit, visit.name(), page_size, before));
    Html body;
    body.add("<h1>runs</h1>\n");
    if (runs.empty())
        body.add("<p class=\"empty\">Nothing has run here{}. A push starts a run when the commit has a "
                 "<code>.quire/ci.fnl</code>.</p>\n", before > 0 ? " before that" : " yet");
    body.add("<ol class=\"runs\">\n");
    for (const store::RunRecord& run : runs)
        add_run(body, run, false);
    body.add("</ol>\n");
    if (runs.size() == page_size && runs.back().number > 1)
        body.add("<nav class=\"pages\" aria-label=\"pages\"><a rel=\"next\" href=\"{}\">older</a></nav>\n",
                 Url::runs(visit.name()).with("before", std::to_string(runs.back().number)));
    return render(visit, {.title = "runs", .tab = Tab::runs}, body);
}

Page all_runs_page(const Visit& visit)
{
    std::vector<store::RunRecord> all;
    for (const Listed& listed : visit.site.list(visit.request)) {
        auto runs = read_runs(visit, listed.name, page_size, 0);
        if (runs)
            all.insert(all.end(), std::make_move_iterator(runs->begin()), std::make_move_iterator(runs->end()));
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.queued_at > b.queued_at; });
    Html body;
    body.add("<h1>runs</h1>\n");
    if (all.empty())
        body.add("<p class=\"empty\">Nothing has run yet.</p>\n");
    body.add("<ol class=\"runs\">\n");
    for (size_t i = 0; i < all.size() && i < page_size; ++i)
        add_run(body, all[i], true);
    body.add("</ol>\n");
    return render(visit, {.title = "runs"}, body);
}

} // namespace quire::web
