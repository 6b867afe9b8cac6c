// "/NAME/runs/N": one run: what became of it, its jobs as a graph and as a list, what they left behind.
#include "forge/replay.h"
#include "git/ref_name.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/runs/run_feed.h"
#include "web/runs/run_graph.h"
#include "web/runs/run_reports.h"
#include "web/runs/run_visit.h"

namespace quire::web {

constexpr size_t shown_files = 200; ///< of a job

static Html origin(const store::RunRecord& run)
{
    Html html;
    html.add("{}", run.source);
    if (!run.event.empty())
        html.add(" <code>{}</code>", shown_name(run.event));
    if (!run.pusher.empty())
        html.add(" by {}", shown_name(run.pusher));
    if (run.forced)
        html.add(", forced");
    if (run.reran != 0)
        html.add(", {} <a href=\"{}\">#{}</a> again", run.only_failed ? "what had not succeeded of" : "all of",
                 Url::run(run.repo, run.reran), run.reran);
    return html;
}

static Html parameters(const store::RunRecord& run)
{
    Html html;
    const text::Data::Table* table = run.parameters.table();
    if (!table || table->empty())
        return html;
    html.add("<dt>parameters</dt><dd>");
    for (const auto& [name, value] : *table)
        html.add("<code>{}={}</code> ", shown_name(name), value.string() ? shown_name(*value.string()) : "…");
    return html.add("</dd>\n");
}

static Html times(const store::RunRecord& run)
{
    Html html;
    html.add("<dt>queued</dt><dd>{}</dd>\n", date_and_time(run.queued_at));
    if (run.started_at != 0)
        html.add("<dt>started</dt><dd>{}{}</dd>\n", date_and_time(run.started_at),
                 fmt::format(", after waiting {}", format_duration(run.started_at - run.queued_at)));
    if (run.ended_at != 0 && run.started_at != 0)
        html.add("<dt>took</dt><dd>{}</dd>\n", format_duration(run.ended_at - run.started_at));
    else if (run.ended_at != 0)
        html.add("<dt>ended</dt><dd>{}</dd>\n", date_and_time(run.ended_at));
    return html;
}

/// Runs that are looked at to find the last one that was green.
constexpr size_t most_before = 500;

static bool is_red(store::RunState state)
{
    return state == store::RunState::failed || state == store::RunState::errored || state == store::RunState::timed_out;
}

/// Since when it fails: the first red run of the ref after the last green one, and that one.
static Html failing_since(const RunVisit& visit)
{
    Html html;
    if (!is_red(visit.run.state))
        return html;
    store::RunRecord first = visit.run;
    std::optional<store::RunRecord> green;
    uint64_t before = visit.run.number;
    for (size_t looked_at = 0; !green && before > 1 && looked_at < most_before;) {
        constexpr size_t piece = 20;
        auto list = list_runs(
            visit.visit, {.ref = visit.run.ref, .before = before, .limit = piece, .skipped = Skipped::passed_over});
        if (!list || list->runs.empty())
            break;
        for (store::RunRecord& run : list->runs) {
            before = run.number;
            bool is_push = run.source == visit.run.source && run.event == visit.run.event;
            if (is_push && run.state == store::RunState::succeeded)
                green = std::move(run);
            else if (is_push && is_red(run.state))
                first = std::move(run);
            if (green)
                break;
        }
        looked_at += piece;
    }
    html.add("<dt>failing since</dt><dd>");
    if (first.number == visit.run.number)
        html.add("this run");
    else
        html.add("<a href=\"{}\">#{}</a>, <code>{}</code>", Url::run(first.repo, first.number), first.number,
                 first.sha.substr(0, 8));
    if (green)
        html.add(" · last green <a href=\"{}\">#{}</a>, <code>{}</code> · <a href=\"{}\">what changed</a>",
                 Url::run(green->repo, green->number), green->number, green->sha.substr(0, 8),
                 Url::view(visit.run.repo, "compare", green->sha + ".." + first.sha));
    return html.add("</dd>\n");
}

static Html facts(const RunVisit& visit)
{
    const store::RunRecord& run = visit.run;
    Html html;
    html.add("<dl class=\"facts\">\n<dt>state</dt><dd>{} {}</dd>\n", state_word(store::to_string(run.state)),
             shown_name(run.reason));
    if (run.superseded_by != 0)
        html.add("<dt>successor</dt><dd><a href=\"{}\">#{}</a></dd>\n", Url::run(run.repo, run.superseded_by),
                 run.superseded_by);
    html.add("<dt>ref</dt><dd><a href=\"{}\">{}</a></dd>\n<dt>commit</dt><dd><a href=\"{}\"><code>{}</code></a></dd>\n"
             "<dt>source</dt><dd>{}</dd>\n{}{}{}",
             Url::runs(run.repo).with("ref", run.ref), git::shown_ref(run.ref), Url::view(run.repo, "commit", run.sha),
             run.sha, origin(run), parameters(run), times(run), failing_since(visit));
    return html.add("</dl>\n");
}

static Html errors(const RunStory& story)
{
    Html html;
    for (const StoryError& error : story.errors) {
        html.add("<p class=\"fault\"><code>{}:{}:{}</code> {}</p>\n", shown_name(error.file), error.line, error.column,
                 shown_name(error.message));
        if (!error.source.empty())
            html.add("<pre class=\"command\" tabindex=\"0\">{}</pre>\n", shown(error.source));
        if (!error.hint.empty())
            html.add("<p>try: {}</p>\n", shown_name(error.hint));
    }
    return html;
}

static Html files_of(const RunVisit& visit, const StoryJob& job)
{
    Html html;
    if (job.artifacts.empty() && job.left_out.empty())
        return html;
    html.add("<h3>{}</h3>\n<ul class=\"files\">\n", shown_name(job.id));
    for (size_t i = 0; i < job.artifacts.size() && i < shown_files; ++i) {
        const StoryFile& file = job.artifacts[i];
        html.add("<li><a href=\"{}\">{}</a><span class=\"by\">{}</span><code>{}</code></li>\n",
                 visit.link("artifacts", job.id, file.path), shown_name(file.path), shown_size(file.size),
                 shown_name(file.sha256.substr(0, 12)));
    }
    if (job.artifacts.size() > shown_files)
        html.add("<li class=\"by\">{} more</li>\n", job.artifacts.size() - shown_files);
    for (size_t i = 0; i < job.left_out.size() && i < 20; ++i)
        html.add("<li><span class=\"by\">{} was left out: {}</span></li>\n", shown_name(job.left_out[i].path),
                 shown_name(job.left_out[i].note));
    return html.add("</ul>\n");
}

static Html job_list(const RunVisit& visit, const RunStory& story)
{
    Html html;
    html.add("<h2 id=\"jobs\">jobs</h2>\n{}<ol class=\"jobs\">\n", run_graph(visit.run, story));
    for (const StoryJob& job : story.jobs) {
        html.add("<li>{}<a class=\"name\" href=\"{}\">{}</a><span class=\"description\">", state_word(job.state),
                 visit.link("log", job.id), shown_name(job.id));
        if (!job.reason.empty())
            html.add("{}", shown_name(job.reason));
        else if (job.state == "running" && job.begun != 0)
            html.add("since {}", format_instant(job.begun).substr(11, 8));
        html.add("</span><span class=\"by\">");
        std::string after;
        for (const std::string& input : job.inputs)
            after += (after.empty() ? "after " : ", ") + shown_name(input);
        html.add("{}{}{}{}", after, job.allow_failure ? ", may fail" : "",
                 job.reused ? ", kept from the run before" : "",
                 job.attempt > 1 ? fmt::format(", attempt {}", job.attempt) : "");
        html.add("</span><span class=\"took\">{}</span></li>\n",
                 job.has_ended() && job.seconds > 0 ? format_duration(static_cast<int64_t>(job.seconds * 1e9)) : "");
    }
    return html.add("</ol>\n");
}

static Html what_is_there(const RunVisit& visit, const RunStory& story)
{
    Html html;
    if (!story.jobs.empty())
        html.append(job_list(visit, story));
    else if (visit.is_live())
        html.add("<p class=\"empty\">{}</p>\n",
                 visit.run.state == store::RunState::queued ? "It waits for its turn." : "Its pipeline is being read.");
    html.append(run_reports(visit.run, visit.directory.get(), story));
    Html files;
    for (const StoryJob& job : story.jobs)
        files.append(files_of(visit, job));
    if (!files.empty())
        html.add("<h2 id=\"artifacts\">artifacts</h2>\n{}", files);
    return html;
}

/// The same as `quire replay` prints.
static Html commands(const RunVisit& visit)
{
    std::string url = visit.visit.site.config().clone_url(visit.run.repo);
    std::string text = forge::commands_of({visit.run, "", url.empty() ? "git@this-host:" + visit.run.repo.str() : url});
    Html html;
    return html.add("<h2>the same on your machine</h2>\n<pre class=\"command\" tabindex=\"0\"><code>{}</code></pre>\n",
                    text);
}

Result<http::Response> run_page(RunVisit& visit)
{
    RunStory story = TRY(read_story(visit.directory.get()));
    Html body;
    body.add("<h1>run #{}</h1>\n", visit.run.number);
    if (visit.is_live())
        body.add("<div class=\"live\" data-changes=\"{}\">\n", visit.link("changes").str());
    else
        body.add("<div class=\"live\">\n");
    body.add("{}{}{}</div>\n", facts(visit), errors(story), what_is_there(visit, story));
    body.add("<p class=\"more\"><a href=\"{}\">the whole log</a> · <a href=\"{}\">the pipeline it ran</a></p>\n{}",
             visit.link("log"), visit.link("pipeline"), commands(visit));
    return render(visit.visit, {.title = fmt::format("run #{}", visit.run.number), .tab = Tab::runs}, body);
}

Result<http::Response> run_changes(RunVisit& visit)
{
    http::Response response;
    response.content_type = "text/event-stream; charset=utf-8";
    response.caching = http::Caching::none;
    response.stream = follow_changes(visit.visit.site.run_watch(), visit.followed(""), std::move(visit.directory));
    return response;
}

} // namespace quire::web
