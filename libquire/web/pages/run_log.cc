// "/NAME/runs/N/log[/JOB]": what the jobs printed, step by step, the end of a long log first.
#include <algorithm>

#include "base/strings.h"
#include "sys/file.h"
#include "web/html/head.h"
#include "web/html/layout.h"
#include "web/html/parts.h"
#include "web/runs/run_visit.h"

namespace quire::web {

/// How many pages of log an answer holds, over all steps, and how many of its steps it opens.
constexpr uint64_t most_pages = 6;
constexpr size_t most_open_steps = 60;

namespace {

class LogPage {
public:
    explicit LogPage(const RunVisit& visit)
        : m_visit(visit), m_shows_times(!visit.visit.request.parameter("times").empty())
    {}

    /// Shows all steps. If they don't all fit, the first ones are closed. `follow_from` is the end of what is shown.
    Result<Html> job(const StoryJob& job)
    {
        Html html;
        std::vector<Html> steps;
        uint64_t left = most_pages;
        size_t open = 0;
        // Steps after one that has not ended are left to the reader who follows the log.
        auto last = job.steps.end();
        if (m_visit.is_live() && !job.has_ended()) {
            last = std::find_if(job.steps.begin(), job.steps.end(), [](const StoryStep& step) { return !step.exit; });
            last += last == job.steps.end() ? 0 : 1;
        }
        for (auto step = std::make_reverse_iterator(last); step != job.steps.rend(); ++step) {
            bool is_open = left > 0 && open < most_open_steps;
            steps.push_back(TRY(is_open ? open_step(job, *step, left) : closed_step(job, *step)));
            open += is_open ? 1 : 0;
        }
        html.append(TRY(notes(job)));
        for (auto step = steps.rbegin(); step != steps.rend(); ++step)
            html.append(*step);
        return html;
    }

    /// One page of one step.
    Result<Html> step(const StoryJob& job, const StoryStep& step, std::optional<uint64_t> page,
                      std::optional<uint64_t> entry)
    {
        Html html = step_heading(job, step, step_link(job, step), m_scope);
        auto log = StepLog::open(m_visit.directory.get(), job.id, step.number);
        if (!log && log.error().kind == ErrorKind::not_found)
            return html.append(step_ending(step));
        StepLog opened = TRY(std::move(log));
        uint64_t shown = entry ? TRY(opened.page_of_entry(*entry)) : page.value_or(opened.pages() - 1);
        LogRows rows(step.number, m_shows_times, m_scope);
        TRY(show(html, rows, opened, TRY(opened.page(shown))));
        html.append(page_links(job, step, opened.pages(), shown));
        return step.exit ? html.append(step_ending(step)) : html;
    }

    /// What comes now has anchors of its own, since the page has several jobs.
    void begin_scope(size_t number) { m_scope = fmt::format("{}-", number); }
    const std::string& follow_from() const { return m_follow_from; }
    bool shows_times() const { return m_shows_times; }
    Url with_times(Url url) const { return m_shows_times ? url.with("times", "1") : url; }

private:
    Url step_link(const StoryJob& job, const StoryStep& step) const
    {
        return with_times(m_visit.link("log", job.id).with("step", std::to_string(step.number)));
    }

    Result<void> show(Html& html, LogRows& rows, const StepLog& log, const LogRange& range)
    {
        rows.begin_with(TRY(log.style_at(range.begin.offset)));
        TRY(log.each(
            range, [&](const LogPosition& at, uint64_t end, const store::LogLine& line) { rows.add(at, end, line); }));
        if (log.size() == 0)
            return {};
        html.add("<pre class=\"code log\" tabindex=\"0\"><code>{}{}</code></pre>\n", rows.take(), rows.partial());
        return {};
    }

    Result<Html> open_step(const StoryJob& job, const StoryStep& step, uint64_t& left)
    {
        Html html = step_heading(job, step, step_link(job, step), m_scope);
        auto log = StepLog::open(m_visit.directory.get(), job.id, step.number);
        if (!log && log.error().kind != ErrorKind::not_found)
            return Unexpected(std::move(log).error());
        bool follows = !step.exit && !job.has_ended() && m_visit.is_live();
        if (log) {
            uint64_t last = log->pages() - 1;
            LogRange range = TRY(log->page(last > 0 && left > 1 ? last - 1 : last));
            range.end = log->size();
            left -= std::min<uint64_t>(left, range.begin.offset > 0 ? 2 : 1);
            if (range.begin.offset > 0)
                html.add("<p class=\"more\">the end of it; <a href=\"{}\">from the beginning</a>, {} pages</p>\n",
                         step_link(job, step).with("page", "1"), log->pages());
            LogRows rows(step.number, m_shows_times, m_scope);
            TRY(show(html, rows, *log, range));
            if (follows)
                m_follow_from = fmt::format("{}.{}", step.number, std::max(rows.done().offset, range.begin.offset));
        } else if (follows) {
            m_follow_from = fmt::format("{}.0", step.number);
        }
        return step.exit || !follows ? html.append(step_ending(step)) : std::move(html);
    }

    Result<Html> closed_step(const StoryJob& job, const StoryStep& step)
    {
        Html html = step_heading(job, step, step_link(job, step), m_scope);
        return html.append(step_ending(step));
    }

    /// What quire itself says about the job.
    Result<Html> notes(const StoryJob& job)
    {
        Html html;
        auto log = StepLog::open(m_visit.directory.get(), job.id, 0);
        if (!log)
            return log.error().kind == ErrorKind::not_found ? Result<Html>(html) : Unexpected(std::move(log).error());
        LogRows rows(0, m_shows_times, m_scope);
        TRY(show(html, rows, *log, TRY(log->page(log->pages() - 1))));
        return html;
    }

    Html page_links(const StoryJob& job, const StoryStep& step, uint64_t pages, uint64_t shown) const
    {
        Html html;
        if (pages < 2)
            return html;
        html.add("<nav class=\"pages\" aria-label=\"pages of the log\">");
        Url url = step_link(job, step);
        auto link = [&](std::string_view label, uint64_t page) {
            if (page != shown && page < pages)
                html.add("<a href=\"{}\">{}</a>", url.with("page", std::to_string(page + 1)), label);
        };
        link("first", 0);
        link("earlier", shown > 0 ? shown - 1 : pages);
        html.add("<span class=\"by\">page {} of {}</span>", shown + 1, pages);
        link("later", shown + 1);
        link("last", pages - 1);
        return html.add("</nav>\n");
    }

    const RunVisit& m_visit;
    bool m_shows_times;
    std::string m_scope, m_follow_from;
};

} // namespace

static Result<const StoryJob*> find_job(const RunVisit& visit, const RunStory& story)
{
    if (visit.rest.size() != 1)
        return fail(ErrorKind::not_found, "A log belongs to a job.");
    const StoryJob* job = story.find(visit.rest[0]);
    if (!job)
        return fail(ErrorKind::not_found, "Run #{} has no job '{}'.", visit.run.number, shown_name(visit.rest[0]));
    return job;
}

static Tools tools_of(const RunVisit& visit, const LogPage& page, const std::string& job)
{
    Url here = visit.link("log", job);
    Tools tools;
    tools.link(fmt::format("run #{}", visit.run.number), Url::run(visit.run.repo, visit.run.number))
        .toggle("times", page.shows_times() ? here : here.with("times", "1"), page.shows_times());
    if (!job.empty())
        tools.link("as plain text", visit.link("text", job));
    if (!job.empty() && visit.is_live())
        tools.link("plain text as it comes", visit.link("text", job).with("follow", "1"));
    return tools;
}

std::string log_title(const RunVisit& visit)
{
    return visit.rest.empty() ? fmt::format("log of run #{}", visit.run.number)
                              : fmt::format("log of {}, run #{}", shown_name(visit.rest[0]), visit.run.number);
}

static Result<Html> one_job(const RunVisit& visit, const RunStory& story, LogPage& page)
{
    const StoryJob& job = *TRY(find_job(visit, story));
    Html html;
    html.append(page_head(log_title(visit), Html().add("{} {}", state_word(job.state), shown_name(job.reason)),
                          tools_of(visit, page, job.id)));
    add_log_search(html, visit.link("log", job.id), "");
    std::string_view wanted = visit.visit.request.parameter("step");
    if (!wanted.empty()) {
        auto number = parse_decimal(wanted);
        for (const StoryStep& step : job.steps)
            if (number && step.number == static_cast<int64_t>(*number)) {
                auto shown = parse_decimal(visit.visit.request.parameter("page"));
                if (shown && *shown > 0)
                    --*shown;
                return html.append(
                    TRY(page.step(job, step, shown, parse_decimal(visit.visit.request.parameter("entry")))));
            }
        return fail(ErrorKind::not_found, "'{}' has no step {}.", shown_name(job.id), shown_name(wanted));
    }
    html.append(TRY(page.job(job)));
    bool is_live = visit.is_live() && !job.has_ended();
    if (job.steps.empty() && !is_live)
        html.add("<p class=\"empty\">It ran no command.</p>\n");
    if (is_live) {
        std::string from = page.follow_from();
        if (from.empty() && !job.steps.empty())
            from = fmt::format("{}.end", job.steps.back().number);
        Url events = page.with_times(visit.link("follow", job.id));
        html.add("<div class=\"follow\" data-events=\"{}\"></div>\n",
                 (from.empty() ? events : events.with("from", from)).str());
    }
    return html;
}

Result<http::Response> run_log_page(RunVisit& visit)
{
    if (!visit.visit.request.parameter("q").empty())
        return run_log_search(visit);
    RunStory story = TRY(read_story(visit.directory.get()));
    LogPage page(visit);
    Html body;
    if (!visit.rest.empty()) {
        body = TRY(one_job(visit, story, page));
    } else {
        body.append(page_head(log_title(visit), Html(), tools_of(visit, page, "")));
        add_log_search(body, visit.link("log"), "");
        size_t number = 0;
        for (const StoryJob& job : story.jobs) {
            page.begin_scope(++number);
            if (body.size() > 2u << 20) {
                body.add("<h2><a href=\"{}\">{}</a></h2>\n", visit.link("log", job.id), shown_name(job.id));
                continue;
            }
            body.add("<h2><a href=\"{}\">{}</a> {}</h2>\n", visit.link("log", job.id), shown_name(job.id),
                     state_word(job.state));
            body.append(TRY(page.job(job)));
        }
        if (story.jobs.empty())
            body.add("<p class=\"empty\">Nothing has been printed{}.</p>\n", visit.is_live() ? " yet" : "");
    }
    return render(visit.visit, {.title = log_title(visit), .tab = Tab::runs}, body);
}

static FollowOptions options_of(const RunVisit& visit)
{
    const http::Request& request = visit.visit.request;
    FollowOptions options;
    options.shows_times = !request.parameter("times").empty();
    std::string_view from =
        request.last_event_id.empty() ? request.parameter("from") : std::string_view(request.last_event_id);
    if (auto place = parse_log_place(from))
        options.from = *place;
    return options;
}

static http::Response answer(std::string type, std::shared_ptr<http::BodySource> source)
{
    http::Response response;
    response.content_type = std::move(type);
    response.policy = http::Policy::raw;
    response.caching = http::Caching::none;
    response.stream = std::move(source);
    return response;
}

Result<http::Response> run_log_text(RunVisit& visit)
{
    RunStory story = TRY(read_story(visit.directory.get()));
    std::string job = TRY(find_job(visit, story))->id;
    FollowOptions options = options_of(visit);
    options.waits = !visit.visit.request.parameter("follow").empty();
    return answer("text/plain; charset=utf-8", follow_as_text(visit.visit.site.run_watch(), visit.followed(job),
                                                              std::move(visit.directory), options));
}

Result<http::Response> run_log_events(RunVisit& visit)
{
    if (visit.rest.size() != 1)
        return fail(ErrorKind::not_found, "A log belongs to a job.");
    std::string job = visit.rest[0];
    return answer("text/event-stream; charset=utf-8",
                  follow_as_events(visit.visit.site.run_watch(), visit.followed(job), std::move(visit.directory),
                                   options_of(visit)));
}

} // namespace quire::web
