#include "web/runs/run_story.h"

#include <algorithm>

#include "base/strings.h"
#include "sys/file.h"
#include "text/json.h"

namespace quire::web {

using text::Data;

constexpr size_t piece = 256u << 10;
constexpr size_t longest_line = 1u << 20;
constexpr size_t most_jobs = 1000, most_of_a_job = 5000;

const StoryJob* RunStory::find(std::string_view id) const
{
    auto found = std::find_if(jobs.begin(), jobs.end(), [&](const StoryJob& job) { return job.id == id; });
    return found == jobs.end() ? nullptr : &*found;
}

static double seconds_in(const Data& event, std::string_view key = "duration")
{
    const Data* found = event.find(key);
    double seconds = !found             ? 0
                     : found->number()  ? *found->number()
                     : found->integer() ? static_cast<double>(*found->integer())
                                        : 0;
    return seconds > 0 && seconds < 1e9 ? seconds : 0;
}

static StoryJob* job_of(RunStory& story, const Data& event)
{
    std::string id = event.string_or("job", "");
    if (auto* known = const_cast<StoryJob*>(std::as_const(story).find(id)))
        return known;
    if (id.empty() || story.jobs.size() == most_jobs)
        return nullptr;
    story.jobs.push_back({.id = std::move(id)});
    return &story.jobs.back();
}

static void take_graph(RunStory& story, const Data& event)
{
    const Data* jobs = event.find("jobs");
    if (!jobs || !jobs->sequence())
        return;
    for (const Data& described : *jobs->sequence()) {
        if (story.jobs.size() == most_jobs || story.find(described.string_or("id", "")))
            continue;
        StoryJob job{.id = described.string_or("id", ""),
                     .allow_failure = described.boolean_or("allow-failure", false)};
        if (const Data* inputs = described.find("inputs"); inputs && inputs->sequence())
            for (const Data& input : *inputs->sequence())
                if (const std::string* name = input.string())
                    job.inputs.push_back(*name);
        story.jobs.push_back(std::move(job));
    }
}

static void take_end(RunStory& story, const Data& event)
{
    story.end_state = event.string_or("state", "failed");
    const Data* errors = event.find("errors");
    if (!errors || !errors->sequence())
        return;
    for (const Data& error : *errors->sequence())
        if (story.errors.size() < 100)
            story.errors.push_back({error.string_or("file", ""), error.string_or("message", ""),
                                    error.string_or("source", ""), error.string_or("hint", ""),
                                    error.integer_or("line", 0), error.integer_or("column", 0)});
}

static void take_step(StoryJob& job, const std::string& kind, const Data& event)
{
    int64_t number = event.integer_or("number", 0);
    auto step = std::find_if(job.steps.rbegin(), job.steps.rend(),
                             [&](const StoryStep& known) { return known.number == number; });
    if (kind == "sh-started" && step == job.steps.rend() && job.steps.size() < most_of_a_job)
        job.steps.push_back({.number = number,
                             .command = event.string_or("cmd", ""),
                             .begun = parse_instant(event.string_or("at", "")).value_or(0)});
    if (kind != "sh-ended" || step == job.steps.rend())
        return;
    step->exit = event.integer_or("exit", 0);
    step->seconds = seconds_in(event);
    step->cpu = seconds_in(event, "cpu");
    step->memory = static_cast<uint64_t>(std::max<int64_t>(event.integer_or("memory", 0), 0));
    step->reason = event.string_or("reason", "");
}

static void take_file(std::vector<StoryFile>& files, const Data& event, std::string_view path, std::string_view note)
{
    if (files.size() < most_of_a_job)
        files.push_back({event.string_or(path, ""),
                         static_cast<uint64_t>(std::max<int64_t>(event.integer_or("size", 0), 0)),
                         event.string_or("sha256", ""), event.string_or(note, "")});
}

/// Of "2026-11-21T12:00:03.123Z", as pages write it: "2026-11-21 12:00".
static std::string minute_of(std::string instant)
{
    constexpr size_t day = 10, whole = 16;
    instant.resize(std::min(instant.size(), whole));
    if (instant.size() == whole)
        instant[day] = ' ';
    return instant;
}

static void take(RunStory& story, const Data& event)
{
    std::string kind = event.string_or("event", "");
    if (kind == "run-started")
        return take_graph(story, event);
    if (kind == "run-ended")
        return take_end(story, event);
    StoryJob* job = job_of(story, event);
    if (!job)
        return;
    if (kind == "approval-wanted") {
        job->wants_approval = true;
        job->reason = "waits for approval until " + minute_of(event.string_or("until", ""));
    } else if (kind == "approval") {
        job->wants_approval = false;
        job->reason.clear();
        job->approval = fmt::format("{} by {} at {}", event.boolean_or("approved", false) ? "approved" : "denied",
                                    event.string_or("by", ""), minute_of(event.string_or("at", "")));
    } else if (kind == "job-started") {
        job->state = "running";
        job->attempt = event.integer_or("attempt", 1);
        job->begun = job->begun != 0 ? job->begun : parse_instant(event.string_or("at", "")).value_or(0);
    } else if (kind == "job-ended") {
        job->state = event.string_or("state", "failed");
        job->wants_approval = false;
        job->reason = event.string_or("reason", "");
        job->reused = event.boolean_or("reused", false);
        job->allow_failure = event.boolean_or("allow-failure", job->allow_failure);
        job->seconds = seconds_in(event);
        job->cpu = seconds_in(event, "cpu");
        job->memory = static_cast<uint64_t>(std::max<int64_t>(event.integer_or("memory", 0), 0));
    } else if (kind.starts_with("sh-")) {
        take_step(*job, kind, event);
    } else if (kind == "artifact") {
        // A file of a later attempt replaces that of an earlier one.
        std::erase_if(job->artifacts, [&](const StoryFile& file) { return file.path == event.string_or("path", ""); });
        take_file(job->artifacts, event, "path", "");
    } else if (kind == "artifact-left-out") {
        take_file(job->left_out, event, "path", "reason");
    } else if (kind == "report") {
        take_file(job->reports, event, "file", "kind");
    }
}

Result<bool> StoryReader::advance(RunStory& story, size_t limit)
{
    if (!m_file) {
        auto opened = sys::open_regular(m_run, store::paths::run_events, O_NOFOLLOW);
        if (!opened && opened.error().kind == ErrorKind::not_found)
            return false;
        m_file = TRY(std::move(opened));
    }
    bool has_news = false;
    for (size_t taken = 0; taken < limit;) {
        std::string more = TRY(sys::read_at(m_file.get(), m_offset, piece));
        if (more.empty())
            break;
        m_offset += more.size();
        taken += more.size();
        m_rest += more;
        size_t begin = 0;
        for (size_t end; (end = m_rest.find('\n', begin)) != std::string::npos; begin = end + 1) {
            auto event = text::read_json(std::string_view(m_rest).substr(begin, end - begin), store::paths::run_events);
            if (event)
                take(story, *event);
            has_news = true;
        }
        m_rest.erase(0, begin);
        if (m_rest.size() > longest_line)
            m_rest = "-"; // no event is that long; the rest of the line is ignored
    }
    return has_news;
}

Result<RunStory> read_story(int run)
{
    RunStory story;
    TRY(StoryReader(run).advance(story));
    return story;
}

} // namespace quire::web
