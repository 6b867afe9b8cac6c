#include "store/run_failure.h"

#include <deque>
#include <map>

#include "base/strings.h"
#include "store/event_reader.h"
#include "store/log_tail.h"

namespace quire::store {

constexpr size_t most_lines = 40;
constexpr size_t longest_line = 300;
constexpr size_t most_events = 1'000'000;

static std::string shown(std::string_view line) { return as_terminal_shows(line, longest_line); }

namespace {

struct JobSeen {
    int64_t number = 0, exit = 0; ///< those of the command that ended last
    std::map<int64_t, std::string> commands;
    std::deque<std::string> said;
};

} // namespace

/// What is wrong with a pipeline that can't be run at all.
static void take_errors(const text::Data& event, std::vector<JobFailure>& failures)
{
    const text::Data* errors = event.find("errors");
    if (!errors || !errors->sequence() || errors->sequence()->empty())
        return;
    JobFailure& story = failures.emplace_back();
    for (const text::Data& error : *errors->sequence()) {
        if (story.lines.size() >= most_lines)
            return;
        story.lines.push_back(
            shown(fmt::format("{}:{}:{}: {}", error.string_or("file", "?"), error.integer_or("line", 0),
                              error.integer_or("column", 0), error.string_or("message", ""))));
    }
}

static JobFailure failure_of(int run, const std::string& job, const JobSeen& seen)
{
    JobFailure story{.job = job};
    if (seen.number > 0 && seen.exit != 0) {
        auto command = seen.commands.find(seen.number);
        story.command = command == seen.commands.end() ? "" : shown(command->second);
        story.exit = seen.exit;
        story.lines = log_tail(run, job, seen.number, {.lines = most_lines, .longest_line = longest_line});
    }
    if (story.lines.empty())
        for (const std::string& line : seen.said)
            story.lines.push_back(shown(line));
    return story;
}

std::vector<JobFailure> tell_failures(int run)
{
    std::vector<JobFailure> failures;
    std::map<std::string, JobSeen> jobs;
    EventReader events(run);
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
        } else if (kind == "job-ended" && data.string_or("state", "") == "failed" &&
                   !data.boolean_or("allow-failure", false)) {
            failures.push_back(failure_of(run, job, seen));
            failures.back().reason = shown(data.string_or("reason", ""));
        } else if (kind == "run-ended") {
            take_errors(data, failures);
        }
    }
    return failures;
}

} // namespace quire::store
