// "/NAME/runs/N": one run: what became of it, its jobs as a graph and as a list, what they left behind.
#include <algorithm>
#include <cmath>

#include "base/strings.h"
#include "forge/job_times.h"
#include "forge/replay.h"
#include "git/ref_name.h"
#include "store/bisect_source.h"
#include "store/kept_workspace.h"
#include "store/log_tail.h"
#include "sys/file.h"
#include "text/shell_words.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/runs/failing_since.h"
#include "web/runs/run_graph.h"
#include "web/runs/run_reports.h"
#include "web/runs/run_visit.h"

namespace quire::web {

constexpr size_t shown_files = 200;  ///< of a job
constexpr size_t failing_lines = 20; ///< of a step that failed
constexpr size_t runs_before = 20;   ///< that tell what is usual

static std::string what_again(const store::RunRecord& run)
{
    if (!run.only_job.empty())
        return shown_name(run.only_job) + " of";
    if (!run.from_job.empty())
        return "from " + shown_name(run.from_job) + " on,";
    return run.only_failed ? "what did not succeed of" : "all of";
}

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
        html.add(", {} <a href=\"{}\">#{}</a> again{}", what_again(run), Url::run(run.repo, run.reran), run.reran,
                 run.debug ? ", showing each command" : "");
    return html;
}

static Html parameters(const store::RunRecord& run)
{
    Html html;
    const text::Data::Table* table = run.parameters.table();
    if (!table || table->empty())
        return html;
    html.add("<div><dt>parameters</dt><dd>");
    for (const auto& [name, value] : *table)
        html.add("<code>{}={}</code> ", shown_name(name), value.string() ? shown_name(*value.string()) : "…");
    return html.add("</dd></div>\n");
}

static Html times(const store::RunRecord& run)
{
    Html html;
    html.add("<div><dt>queued</dt><dd>{}</dd></div>\n", date_and_time(run.queued_at));
    if (run.started_at != 0)
        html.add("<div><dt>started</dt><dd>{}{}</dd></div>\n", date_and_time(run.started_at),
                 fmt::format(", after waiting {}", format_duration(run.started_at - run.queued_at)));
    if (run.ended_at != 0 && run.started_at != 0)
        html.add("<div><dt>took</dt><dd>{}</dd></div>\n", format_duration(run.ended_at - run.started_at));
    else if (run.ended_at != 0)
        html.add("<div><dt>ended</dt><dd>{}</dd></div>\n", date_and_time(run.ended_at));
    return html;
}

/// The first job that made the run red.
static const StoryJob* red_job(const RunStory& story)
{
    auto red = std::find_if(story.jobs.begin(), story.jobs.end(), [](const StoryJob& job) { return job.is_red(); });
    return red == story.jobs.end() ? nullptr : &*red;
}

/// Whether the page says elsewhere what the reason does: in its title, or where it shows the pipeline's errors.
static bool has_reason_elsewhere(const store::RunRecord& run, const RunStory& story)
{
    const StoryJob* job = run.state == store::RunState::failed ? red_job(story) : nullptr;
    if (job && run.reason == fmt::format("job '{}' failed: {}", job->id, job->reason))
        return true;
    return std::any_of(story.errors.begin(), story.errors.end(), [&](const StoryError& error) {
        return run.reason == fmt::format("{}:{}:{}: {}", error.file, error.line, error.column, error.message);
    });
}

static Html facts(const RunVisit& visit, const RunStory& story)
{
    const store::RunRecord& run = visit.run;
    Html html;
    Html since = failing_since(visit.visit, run);
    html.add("<dl class=\"facts\">\n<div><dt>state</dt><dd>{}", state_word(store::to_string(run.state)));
    if (run.superseded_by != 0)
        html.add(" by <a href=\"{}\">#{}</a>", Url::run(run.repo, run.superseded_by), run.superseded_by);
    else if (run.state != store::RunState::succeeded &&
             !has_reason_elsewhere(run, story)) // that all went well is said by the state alone
        html.add(" {}", shown_name(run.reason));
    html.add("</dd></div>\n");
    html.add("<div><dt>ref</dt><dd><a href=\"{}\">{}</a></dd></div>\n<div><dt>commit</dt><dd><a "
             "href=\"{}\"><code>{}</code></a></dd></div>\n"
             "<div><dt>source</dt><dd>{}</dd></div>\n{}{}{}",
             Url::runs(run.repo).with("ref", run.ref), git::shown_ref(run.ref), Url::view(run.repo, "commit", run.sha),
             run.sha, origin(run), parameters(run), times(run),
             since.empty() ? Html() : Html().add("<div><dt>failing since</dt><dd>{}</dd></div>\n", since));
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

/// What failed and the last lines of its failing step: the first that a reader of a red run wants to see.
static Html failure(const RunVisit& visit, const RunStory& story)
{
    Html html;
    const StoryJob* job = red_job(story);
    if (!job)
        return html;
    html.add("<section class=\"failure\" aria-label=\"what failed\"><h2><a href=\"{}\">{}</a> "
             "<span class=\"by\">{}</span></h2>\n",
             visit.link("log", job->id), shown_name(job->id), job->reason.empty() ? "failed" : shown_name(job->reason));
    auto step = std::find_if(job->steps.rbegin(), job->steps.rend(),
                             [](const StoryStep& one) { return one.exit && *one.exit != 0; });
    if (step != job->steps.rend()) {
        html.add("<p class=\"step\"><code>$ {}</code></p>\n{}", shown(command_beginning(step->command)),
                 command_fold(step->command));
        std::string lines;
        for (const std::string& line : store::log_tail(visit.directory.get(), job->id, step->number,
                                                       {.lines = failing_lines, .longest_line = 300}))
            lines += line + "\n";
        if (!lines.empty())
            html.add("<pre class=\"command\" tabindex=\"0\"><samp>{}</samp></pre>\n", shown(lines));
    }
    return html.add("<p class=\"more\"><a href=\"{}\">all that it printed</a> · <a href=\"#again\">how to repeat "
                    "it</a></p>\n</section>\n",
                    visit.link("log", job->id));
}

/// How the forge's verbs are called by who reads the page.
static std::string quire_of(const RunVisit& visit)
{
    const store::GlobalConfig& config = visit.visit.site.config();
    return config.host.empty() ? "quire" : fmt::format("ssh {} quire", config.host);
}

/// The jobs that wait for somebody, each with the command that lets it run.
static Html approvals(const RunVisit& visit, const RunStory& story)
{
    Html html;
    if (visit.run.state != store::RunState::active)
        return html;
    for (const StoryJob& job : story.jobs)
        if (job.wants_approval)
            html.add("<section class=\"wanted\" aria-label=\"what waits\"><h2>{} waits for approval</h2>\n<p "
                     "class=\"command\"><code>{} approve {} {} {}</code></p>\n</section>\n",
                     shown_name(job.id), quire_of(visit), visit.run.repo.str(), visit.run.number,
                     shown_name(text::shell_quote(job.id)));
    return html;
}

namespace {

/// Where on the page's width a job and its steps stand: from the first start to the last end.
class Waterfall {
public:
    explicit Waterfall(const RunStory& story)
    {
        for (const StoryJob& job : story.jobs) {
            if (job.begun == 0)
                continue;
            m_begin = m_begin == 0 ? job.begun : std::min(m_begin, job.begun);
            m_end = std::max(m_end, job.begun + nanoseconds(job.seconds));
        }
    }

    Html bar(const StoryJob& job) const
    {
        Html html;
        if (job.begun == 0 || !job.has_ended() || m_end <= m_begin)
            return html;
        html.add("<svg class=\"span\" viewBox=\"0 0 {} 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">", width);
        rect(html, job.is_red() ? "job failed" : "job", job.begun, job.seconds);
        for (const StoryStep& step : job.steps)
            if (step.begun != 0)
                rect(html, step.exit && *step.exit != 0 ? "failed" : "", step.begun, step.seconds);
        return html.add("</svg>");
    }

private:
    static constexpr int64_t width = 1000;
    static int64_t nanoseconds(double seconds) { return static_cast<int64_t>(seconds * 1e9); }
    int64_t place(Instant at) const
    {
        double part = static_cast<double>(at - m_begin) / static_cast<double>(m_end - m_begin);
        return static_cast<int64_t>(std::clamp(part, 0.0, 1.0) * width);
    }
    void rect(Html& html, std::string_view what, Instant begun, double seconds) const
    {
        int64_t from = std::min(place(begun), width - 2), to = place(begun + nanoseconds(seconds));
        html.add("<rect class=\"{}\" x=\"{}\" y=\"0\" width=\"{}\" height=\"8\"></rect>", what, from,
                 std::max<int64_t>(to - from, 2));
    }

    Instant m_begin = 0, m_end = 0;
};

} // namespace

static std::string seconds_text(double seconds) { return format_duration(static_cast<int64_t>(seconds * 1e9)); }

/// "usually 8.0 s and 300 MiB", where it takes another time this time.
static std::string compared(const StoryJob& job, const forge::JobTimes& times)
{
    auto known = times.find(job.id);
    forge::Usual usual = known == times.end() ? forge::Usual() : forge::usual_of(known->second);
    std::vector<std::string> parts;
    double apart = std::abs(job.seconds - usual.seconds);
    if (usual.seconds > 0 && apart > 0.5 && apart > usual.seconds / 5)
        parts.push_back(seconds_text(usual.seconds));
    uint64_t more = job.memory > usual.memory ? job.memory - usual.memory : usual.memory - job.memory;
    if (usual.memory > 0 && job.memory > 0 && more > (16u << 20) && more > usual.memory / 4)
        parts.push_back(shown_size(usual.memory));
    return parts.empty() ? std::string() : fmt::format("usually {}", fmt::join(parts, " and "));
}

static std::string what_it_used(const StoryJob& job)
{
    std::string text;
    if (job.cpu >= 0.1)
        text = "cpu " + seconds_text(job.cpu);
    if (job.memory > 0)
        text += (text.empty() ? "" : ", ") + shown_size(job.memory);
    return text;
}

static void add_job(Html& html, const RunVisit& visit, const StoryJob& job, const Waterfall& waterfall,
                    const forge::JobTimes& times)
{
    html.add("<li>{}<a class=\"name\" href=\"{}\">{}</a><div class=\"what\"><span class=\"description\">",
             state_word(job.state), visit.link("log", job.id), shown_name(job.id));
    if (!job.reason.empty())
        html.add("{}", shown_name(job.reason));
    else if (job.state == "running" && job.begun != 0)
        html.add("since {}", format_instant(job.begun).substr(11, 8));
    html.add("</span><span class=\"by\">");
    std::vector<std::string> notes;
    std::string after;
    for (const std::string& input : job.inputs)
        after += (after.empty() ? "after " : ", ") + shown_name(input);
    for (std::string note :
         {after, std::string(job.allow_failure ? "may fail" : ""),
          std::string(job.reused ? "taken over from the run before" : ""), job.approval,
          job.attempt > 1 ? fmt::format("attempt {}", job.attempt) : "", what_it_used(job), compared(job, times)})
        if (!note.empty())
            notes.push_back(std::move(note));
    html.add("{}</span></div><span class=\"took\">{}</span>{}</li>\n", fmt::format("{}", fmt::join(notes, ", ")),
             job.has_ended() && job.seconds > 0 ? seconds_text(job.seconds) : "", waterfall.bar(job));
}

static Html job_list(const RunVisit& visit, const RunStory& story)
{
    Html html;
    html.add("<h2 id=\"jobs\">jobs</h2>\n{}<ol class=\"jobs\">\n", run_graph(visit.run, story));
    auto runs = visit.visit.site.open_runs(*visit.visit.repository);
    forge::JobTimes times;
    if (runs)
        times =
            forge::job_times(runs->get(), visit.run.repo, runs_before, visit.run.number).value_or(forge::JobTimes());
    Waterfall waterfall(story);
    for (bool red : {true, false})
        for (const StoryJob& job : story.jobs)
            if (job.is_red() == red)
                add_job(html, visit, job, waterfall, times);
    return html.add("</ol>\n<p class=\"more\"><a href=\"{}\">how long jobs take over time</a></p>\n",
                    Url::local(Url::runs(visit.run.repo).str() + "/times"));
}

/// Links to where the artifacts come from, once that is signed.
static Html signed_statement(const RunVisit& visit)
{
    Html html;
    if (sys::exists(visit.directory.get(), store::paths::run_provenance))
        html.add(" · <a href=\"{}\">where they come from</a>, <a href=\"{}\">signed</a>",
                 visit.link(store::paths::run_provenance), visit.link(store::paths::run_provenance_signature));
    return html;
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
        html.add("<h2 id=\"artifacts\">artifacts</h2>\n<p class=\"more\"><a href=\"{}\">all of them as a tar "
                 "file</a>{}</p>\n{}",
                 visit.link("artifacts.tar"), signed_statement(visit), files);
    return html;
}

/// Everything that repeats the run or a part of it, in one box.
static Html commands(const RunVisit& visit, const RunStory& story)
{
    const store::GlobalConfig& config = visit.visit.site.config();
    std::string quire = quire_of(visit);
    std::string which = fmt::format("{} {}", visit.run.repo.str(), visit.run.number);
    const StoryJob* job = red_job(story);
    if (!job && !story.jobs.empty())
        job = &story.jobs.back();
    std::string name = job ? text::shell_quote(job->id) : "";
    Html html;
    html.add("<h2 id=\"again\">how to repeat it</h2>\n<dl class=\"ways\">\n");
    auto way = [&](std::string_view what, const std::string& command) {
        html.add("<dt>{}</dt><dd class=\"command\"><code>{}</code></dd>\n", what, command);
    };
    if (!visit.is_live()) {
        way("run all of it again", fmt::format("{} rerun {}", quire, which));
        if (is_red(visit.run.state))
            way("only what did not succeed", fmt::format("{} rerun {} --failed", quire, which));
        if (job) {
            way("one job, the others reused", fmt::format("{} rerun {} --job {}", quire, which, name));
            way("from one job on", fmt::format("{} rerun {} --from {}", quire, which, name));
            way("showing each command", fmt::format("{} rerun {} --debug", quire, which));
        }
        if (job && is_red(visit.run.state) && !store::is_of_bisection(visit.run))
            way("find the commit that broke it", fmt::format("{} bisect {} --job {} --bad {}", quire,
                                                             visit.run.repo.str(), name, visit.run.sha.substr(0, 12)));
        bool is_kept = store::is_kept(visit.visit.site.root(), visit.run.repo, visit.run.number);
        if (is_kept && job)
            way("look inside, as long as it is kept",
                config.host.empty() ? fmt::format("quire shell {} {}", which, name)
                                    : fmt::format("ssh -t {} quire shell {} {}", config.host, which, name));
    }
    std::string url = config.clone_url(visit.run.repo);
    std::string text = forge::commands_of({visit.run, "", url.empty() ? "git@this-host:" + visit.run.repo.str() : url});
    return html.add(
        "<dt>on your machine</dt><dd><pre class=\"command\" tabindex=\"0\"><code>{}</code></pre></dd>\n</dl>\n", text);
}

/// Of a job's reason what a title has room for: "exit code 2", "killed: too much memory".
static std::string short_reason(const std::string& reason)
{
    size_t end = reason.find(';');
    std::string_view rest = end == std::string::npos ? std::string_view() : std::string_view(reason).substr(end);
    if (!strip_prefix(rest, "; killed: "))
        return reason.substr(0, end);
    bool is_machine = rest.starts_with("the machine"), is_memory = rest.find("more memory") != std::string_view::npos;
    return is_machine ? "killed: no memory left" : is_memory ? "killed: too much memory" : "killed: too many processes";
}

/// "run #214 failed: unit, exit code 2", "run #215 active: deploy waits for approval". More of the reason stands above
/// what the job has printed.
static std::string title_of(const RunVisit& visit, const RunStory& story)
{
    std::string title = fmt::format("run #{} {}", visit.run.number, store::to_string(visit.run.state));
    auto waits =
        std::find_if(story.jobs.begin(), story.jobs.end(), [](const StoryJob& one) { return one.wants_approval; });
    if (visit.run.state == store::RunState::active && waits != story.jobs.end())
        return fmt::format("{}: {} waits for approval", title, shown_name(waits->id));
    const StoryJob* job = visit.run.state == store::RunState::failed ? red_job(story) : nullptr;
    if (!job)
        return title;
    return fmt::format("{}: {}, {}", title, shown_name(job->id), shown_name(short_reason(job->reason)));
}

Result<http::Response> run_page(RunVisit& visit)
{
    RunStory story = TRY(read_story(visit.directory.get()));
    Html body;
    std::string title = title_of(visit, story);
    Tools tools;
    tools.link("whole log", visit.link("log")).link("pipeline", visit.link("pipeline"));
    body.append(page_head(title, Html(), tools));
    if (visit.is_live())
        body.add("<div class=\"live\" data-changes=\"{}\">\n", visit.link("changes").str());
    else
        body.add("<div class=\"live\">\n");
    body.add("{}{}{}{}{}</div>\n", facts(visit, story), approvals(visit, story), failure(visit, story), errors(story),
             what_is_there(visit, story));
    body.append(commands(visit, story));
    return render(visit.visit, {.title = title, .tab = Tab::runs}, body);
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
