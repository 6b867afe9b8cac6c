#include "deliver/run_story.h"

#include <deque>
#include <map>

#include "base/strings.h"
#include "git/git.h"
#include "git/object_reader.h"
#include "store/create_run.h"
#include "store/event_reader.h"
#include "store/log_line.h"
#include "sys/file.h"
#include "text/ansi.h"
#include "text/controls.h"

namespace quire::deliver {

namespace paths = store::paths;
using store::RunState;

constexpr size_t most_lines = 40;
constexpr size_t longest_line = 300;
constexpr size_t most_events = 1'000'000;
/// how many earlier runs are looked at
constexpr size_t most_runs = 300;

bool is_failure(RunState state)
{
    return state == RunState::failed || state == RunState::errored || state == RunState::timed_out;
}

/// The line as a terminal would have shown it.
static std::string shown(std::string_view line)
{
    text::AnsiScreen screen;
    screen.write(line);
    std::string out;
    for (const text::StyledText& piece : screen.line())
        out += piece.text;
    return text::cut(out, longest_line);
}

/// The last lines of a command's log.
static std::vector<std::string> log_tail(int run, const std::string& job, int64_t number)
{
    constexpr uint64_t most_bytes = 512u << 10;
    std::string path = fmt::format("{}/{}.log", paths::job_logs(job), paths::command_log(static_cast<int>(number)));
    auto file = sys::open_regular_beneath(run, path);
    auto status = sys::stat_at(run, path);
    if (!file || !status || !*status)
        return {};
    auto size = static_cast<uint64_t>((*status)->st_size);
    uint64_t from = size > most_bytes ? size - most_bytes : 0;
    std::string text = sys::read_at(file->get(), from, most_bytes).value_or("");
    std::deque<std::string> lines;
    std::string open[2]; // the unfinished line of each stream
    for (std::string_view rest = text; !rest.empty();) {
        auto entry = store::parse_log_line(take_until(rest, '\n'));
        if (!entry)
            continue; // the first one may be incomplete
        std::string& line = open[entry->is_error];
        line += entry->text;
        if (!entry->is_whole && line.size() < most_bytes)
            continue;
        lines.push_back(std::exchange(line, {}));
        if (lines.size() > most_lines)
            lines.pop_front();
    }
    for (std::string& line : open)
        if (!line.empty())
            lines.push_back(std::move(line));
    std::vector<std::string> result;
    for (const std::string& line : lines)
        result.push_back(shown(line));
    while (result.size() > most_lines)
        result.erase(result.begin());
    return result;
}

namespace {

struct JobSeen {
    int64_t number = 0, exit = 0; ///< those of the command that ended last
    std::map<int64_t, std::string> commands;
    std::deque<std::string> said;
};

} // namespace

static void take_errors(const text::Data& event, RunStory& story)
{
    const text::Data* errors = event.find("errors");
    if (!errors || !errors->sequence())
        return;
    for (const text::Data& error : *errors->sequence()) {
        if (story.lines.size() >= most_lines)
            return;
        story.lines.push_back(
            shown(fmt::format("{}:{}:{}: {}", error.string_or("file", "?"), error.integer_or("line", 0),
                              error.integer_or("column", 0), error.string_or("message", ""))));
    }
}

static void take_job(int run, const std::string& job, const JobSeen& seen, RunStory& story)
{
    story.job = job;
    if (seen.number > 0 && seen.exit != 0) {
        auto command = seen.commands.find(seen.number);
        story.command = command == seen.commands.end() ? "" : shown(command->second);
        story.exit = seen.exit;
        story.lines = log_tail(run, job, seen.number);
    }
    if (story.lines.empty())
        for (const std::string& line : seen.said)
            story.lines.push_back(shown(line));
}

RunStory tell_run(const store::Root& root, const store::RunRecord& record)
{
    RunStory story;
    auto run = sys::open_directory(root.fd(), paths::run(record.repo, record.number));
    if (!run)
        return story;
    std::map<std::string, JobSeen> jobs;
    store::EventReader events(run->get());
    for (size_t count = 0; count < most_events; ++count) {
        auto event = events.next();
        if (!event || !*event)
            break;
        const text::Data& data = **event;
        std::string kind = data.string_or("event", "");
        std::string job = data.string_or("job", "");
        JobSeen& seen = jobs[job];
        if (kind == "sh-started") {
            seen.commands[data.integer_or("number", 0)] = data.string_or("cmd", "");
        } else if (kind == "sh-ended") {
            seen.number = data.integer_or("number", 0);
            seen.exit = data.integer_or("exit", 0);
            seen.commands.erase(seen.commands.begin(), seen.commands.lower_bound(seen.number));
        } else if (kind == "log") {
            std::string text = data.string_or("text", "");
            for (std::string_view rest = text; !rest.empty();)
                seen.said.emplace_back(take_until(rest, '\n'));
            while (seen.said.size() > most_lines)
                seen.said.pop_front();
        } else if (kind == "job-ended" && story.job.empty() && data.string_or("state", "") == "failed" &&
                   !data.boolean_or("allow-failure", false)) {
            story.reason = shown(data.string_or("reason", ""));
            take_job(run->get(), job, seen, story);
        } else if (kind == "run-ended") {
            take_errors(data, story);
        }
    }
    return story;
}

Result<Streak> find_streak(const store::Root& root, const store::RunRecord& record)
{
    Streak streak;
    auto take = [&](const store::RunRecord& failure) {
        streak.first_failure = failure.number;
        streak.since = failure.ended_at;
        ++streak.failures;
    };
    bool is_first = true;
    if (is_failure(record.state))
        take(record);
    for (uint64_t number : TRY(store::newest_runs(root, record.repo, most_runs, record.number))) {
        auto earlier = store::read_run_record(root, record.repo, number);
        if (!earlier || earlier->ref != record.ref || earlier->source != record.source ||
            earlier->event != record.event)
            continue;
        bool failed = is_failure(earlier->state);
        if (!failed && earlier->state != RunState::succeeded)
            continue;
        if (std::exchange(is_first, false))
            streak.was_failing = failed;
        if (!failed) {
            streak.last_success = earlier->number;
            streak.last_good_sha = earlier->sha;
            break;
        }
        take(*earlier);
    }
    return streak;
}

CommitStory tell_commit(const store::Root& root, const store::RunRecord& record)
{
    CommitStory story;
    auto repository = root.open_repository(record.repo);
    if (!repository || !from_hex(record.sha))
        return story;
    sys::Command command{.argv = {"git", "log", "-1", "--format=%s%x00%an", "--end-of-options", record.sha},
                         .environment = git::repository_environment(),
                         .directory = repository->get()};
    auto said = sys::run_ok(command, {.limit = 1u << 20, .timeout = 20 * nanoseconds_per_second});
    if (!said)
        return story;
    std::string_view rest = trim(*said);
    story.subject = shown(take_until(rest, '\0'));
    story.author = shown(rest);
    return story;
}

} // namespace quire::deliver
