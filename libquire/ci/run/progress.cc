#include "ci/run/progress.h"

#include <algorithm>
#include <iterator>

#include "base/strings.h"
#include "base/time.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/self.h"
#include "text/ansi.h"
#include "text/escape.h"

namespace quire::ci {

static double seconds(int64_t nanoseconds)
{
    return static_cast<double>(nanoseconds) / static_cast<double>(nanoseconds_per_second);
}

Progress::Progress()
    : m_colors(sys::is_terminal(2) && !sys::process_variable("NO_COLOR")),
      m_live(sys::is_terminal(2) && sys::process_variable("TERM").value_or("dumb") != "dumb")
{}

/// Removes the status line, prints the text and shows the status line again. Ignores that stderr's reader may be gone.
void Progress::print(std::string_view text)
{
    std::string all(m_status_shown ? "\r\033[K" : "");
    all += text;
    all += status();
    m_status_shown = m_live && !m_running.empty();
    static_cast<void>(sys::write_all(2, all).has_value());
}

/// A line that fits the narrowest terminal, without a newline; empty if nothing runs or there is no terminal.
std::string Progress::status() const
{
    constexpr const char* frames[] = {"|", "/", "-", "\\"};
    constexpr size_t columns = 78;
    if (!m_live || m_running.empty())
        return {};
    std::string line = frames[m_frame % std::size(frames)];
    for (const auto& [job, since] : m_running)
        line += fmt::format("  {} {:.1f} s", text::for_terminal(job), seconds(monotonic_now() - since));
    if (line.size() > columns)
        line = fmt::format("{}  {} jobs", frames[m_frame % std::size(frames)], m_running.size());
    return line;
}

void Progress::tick()
{
    ++m_frame;
    if (!m_running.empty() || m_status_shown)
        print("");
}

std::string Progress::paint(const char* color, std::string_view text) const
{
    return m_colors ? fmt::format("\033[{}m{}\033[0m", color, text) : std::string(text);
}

void Progress::job_started(const JobReport& report)
{
    if (report.attempts == 1)
        m_running.emplace_back(report.job->id, monotonic_now());
    std::string again = report.attempts > 1 ? fmt::format(", attempt {}", report.attempts) : "";
    print(fmt::format("{}: started{}\n", text::for_terminal(report.job->id), again));
}

void Progress::job_ended(const JobReport& report)
{
    std::erase_if(m_running, [&](const auto& running) { return running.first == report.job->id; });
    std::string id = text::for_terminal(report.job->id), reason = text::for_terminal(report.reason);
    switch (report.state) {
    case JobReport::State::succeeded:
        print(fmt::format("{}: {} in {}\n", id, paint("32", "succeeded"), format_duration(report.duration)));
        break;
    case JobReport::State::skipped:
        print(fmt::format("{}: {}: {}\n", id, paint("33", "skipped"), reason));
        break;
    default:
        print(fmt::format("{}: {} in {}: {}\n", id,
                          paint("31", report.job->allow_failure ? "failed (allowed)" : "failed"),
                          format_duration(report.duration), reason));
        for (std::string_view frame : split(report.traceback, '\n'))
            if (!frame.empty())
                print(fmt::format("    {}\n", text::for_terminal(frame)));
        if (auto tail = m_tails.find(report.job->id); tail != m_tails.end()) {
            push(tail->second, std::exchange(tail->second.partial, {}));
            for (const std::string& line : tail->second.lines)
                if (!report.reason.ends_with("; " + line)) // why a command was killed is said already
                    print(fmt::format("  | {}\n", text::for_terminal(line)));
        }
    }
    m_tails.erase(report.job->id);
}

void Progress::push(Tail& tail, std::string line)
{
    if (line.empty())
        return;
    tail.lines.push_back(std::move(line));
    if (tail.lines.size() > tail_lines)
        tail.lines.pop_front();
}

void Progress::print_output(const std::string& job, std::string_view line)
{
    text::AnsiScreen screen; // shows the final state of a line that overwrites itself
    screen.write(line);
    std::string shown;
    for (const text::StyledText& part : screen.line())
        shown += part.text;
    print(fmt::format("{} | {}\n", text::for_terminal(job), text::for_terminal(shown)));
}

void Progress::stream(const std::string& job, int command, std::string_view bytes)
{
    std::string& partial = m_partials[{job, command}];
    while (!bytes.empty()) {
        size_t end = bytes.find('\n');
        partial += bytes.substr(0, end);
        if (end == bytes.npos && partial.size() < longest_line)
            return;
        print_output(job, std::exchange(partial, {}));
        bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
    }
}

void Progress::command_ended(const std::string& job, int command)
{
    auto left = m_partials.extract({job, command});
    if (!left.empty() && !left.mapped().empty())
        print_output(job, left.mapped());
}

void Progress::output(const std::string& job, int command, std::string_view bytes)
{
    if (m_verbose)
        return stream(job, command, bytes);
    Tail& tail = m_tails[job];
    // If the piece is large, only its end can be shown.
    if (bytes.size() > tail_lines * longest_line)
        bytes.remove_prefix(bytes.size() - tail_lines * longest_line);
    for (bool more = true; more;) {
        size_t end = bytes.find('\n');
        more = end != bytes.npos;
        if (tail.partial.size() < longest_line)
            tail.partial += bytes.substr(0, std::min(end, longest_line));
        if (more)
            push(tail, std::exchange(tail.partial, {}));
        bytes.remove_prefix(more ? end + 1 : bytes.size());
    }
}

void Progress::line(const std::string& job, std::string_view text)
{
    print(fmt::format("{}: {}\n", text::for_terminal(job), text::for_terminal(text)));
}

void Progress::run_ended(const std::vector<JobReport>& reports, const std::string& failure, int64_t duration)
{
    size_t counts[3] = {};
    std::vector<std::string> skipped;
    for (const JobReport& report : reports) {
        ++counts[report.state == JobReport::State::succeeded ? 0 : report.state == JobReport::State::failed ? 1 : 2];
        if (report.state == JobReport::State::skipped)
            skipped.push_back(fmt::format("{} ({})", report.job->id, report.reason));
    }
    print(fmt::format("{} in {}: {} succeeded, {} failed, {} skipped\n",
                      failure.empty() ? paint("32", "succeeded") : paint("31", "failed"), format_duration(duration),
                      counts[0], counts[1], counts[2]));
    if (!skipped.empty())
        print(fmt::format("skipped: {}\n", text::for_terminal(join(skipped, ", "))));
}

void Progress::not_fired(const std::string& source, const std::vector<std::string>& jobs)
{
    if (!jobs.empty())
        print(fmt::format("not fired by {}: {}\n", text::for_terminal(source), text::for_terminal(join(jobs, ", "))));
}

} // namespace quire::ci
