#include "forge/run_log.h"

#include "base/show_time.h"
#include "base/strings.h"
#include "store/root.h"
#include "sys/file.h"
#include "text/escape.h"
#include "text/shell_words.h"

namespace quire::forge {

constexpr size_t piece_size = 256u << 10;

static std::string log_path(const std::string& job, int64_t number)
{
    return fmt::format("{}/{}.log", store::paths::job_logs(job), store::paths::command_log(static_cast<int>(number)));
}

static std::string duration_in(const text::Data& event)
{
    const text::Data* found = event.find("duration");
    if (!found || (!found->number() && !found->integer()))
        return {};
    double seconds = found->number() ? *found->number() : static_cast<double>(*found->integer());
    if (!(seconds >= 0 && seconds < 1e9))
        return {};
    return " after " + format_duration(static_cast<int64_t>(seconds * 1e9));
}

std::string RunLog::heading(std::string_view job, std::string_view text) const
{
    std::string line = job.empty() ? fmt::format("== {}", text::for_terminal(text))
                                   : fmt::format("== {}: {}", text::for_terminal(job), text::for_terminal(text));
    if (m_options.colour == text::Colour::keep)
        line = "\x1b[1m" + line + "\x1b[0m";
    return line + "\n";
}

void RunLog::say(std::string text) { m_items.push_back({std::move(text), {}}); }

void RunLog::take_end(const text::Data& event)
{
    m_end_state = event.string_or("state", "failed");
    std::string reason = event.string_or("reason", "");
    say(heading("", fmt::format("the run {}{}{}", m_end_state, reason.empty() ? "" : ": ", reason)));
    const text::Data* errors = event.find("errors");
    if (!errors || !errors->sequence())
        return;
    for (const text::Data& error : *errors->sequence()) {
        std::string text = fmt::format("{}:{}:{}: {}", error.string_or("file", "?"), error.integer_or("line", 0),
                                       error.integer_or("column", 0), error.string_or("message", ""));
        say(text::for_terminal(text) + "\n");
        if (std::string source = error.string_or("source", ""); !source.empty())
            say("    " + text::log_for_terminal(source, text::Colour::drop) + "\n");
        if (std::string hint = error.string_or("hint", ""); !hint.empty())
            say("    try: " + text::for_terminal(hint) + "\n");
    }
}

void RunLog::take(const text::Data& event)
{
    std::string kind = event.string_or("event", "");
    if (kind == "run-started") {
        m_begun = true;
        if (const text::Data* jobs = event.find("jobs"); jobs && jobs->sequence())
            for (const text::Data& job : *jobs->sequence())
                m_jobs.insert(job.string_or("id", ""));
        return;
    }
    if (kind == "run-ended")
        return take_end(event);
    std::string job = event.string_or("job", "");
    if (!job.empty())
        m_jobs.insert(job);
    if (job.empty() || (!m_options.job.empty() && job != m_options.job))
        return;
    CommandId command{job, event.integer_or("number", 0)};
    if (kind == "sh-started") {
        if (command.second > 0)
            m_items.push_back({heading(job, "$ " + event.string_or("cmd", "")), command});
    } else if (kind == "sh-ended") {
        std::string reason = event.string_or("reason", "");
        m_ends[command] = heading(job, fmt::format("exit {}{}{}{}", event.integer_or("exit", 0), duration_in(event),
                                                   reason.empty() ? "" : ": ", reason));
    } else if (kind == "approval-wanted") {
        say(heading(job,
                    fmt::format("waits for approval: quire approve {} {}", m_options.run, text::shell_quote(job))));
    } else if (kind == "approval") {
        std::string reason = event.string_or("reason", "");
        say(heading(job, fmt::format("{} by {}{}{}", event.boolean_or("approved", false) ? "approved" : "denied",
                                     event.string_or("by", ""), reason.empty() ? "" : ": ", reason)));
    } else if (kind == "log") {
        std::string text = event.string_or("text", "");
        for (std::string_view rest = text; !rest.empty();) {
            std::string line = fmt::format("{}: {}", text::for_terminal(job),
                                           text::log_for_terminal(take_until(rest, '\n'), m_options.colour));
            say(m_options.timestamps
                    ? fmt::format("{} {}\n", time_of_day(text::for_terminal(event.string_or("at", ""))), line)
                    : line + "\n");
        }
    } else if (kind == "job-ended") {
        std::string reason = event.string_or("reason", "");
        say(heading(job, fmt::format("{}{}{}{}", event.string_or("state", ""), duration_in(event),
                                     reason.empty() ? "" : ": ", reason)));
    }
}

Result<void> RunLog::advance(const Sink& sink)
{
    for (;;) {
        // Look for the command's end before reading its log to the end, or its last output could be missed.
        bool waits =
            m_items.empty() || (m_items.front().command.second > 0 && !m_ends.contains(m_items.front().command));
        if (waits) {
            if (auto event = TRY(m_events.next())) {
                take(*event);
                continue;
            }
            if (m_items.empty())
                return {};
        }
        Item& item = m_items.front();
        if (!m_in_command)
            TRY(sink(item.text));
        if (item.command.second > 0) {
            m_in_command = true;
            TRY(copy_log(sink));
            if (waits && !m_over && m_end_state.empty())
                return {};
            std::string out;
            finish_line(out);
            auto end = m_ends.extract(item.command);
            out += end ? end.mapped() : heading(item.command.first, "its end is not on record");
            TRY(sink(out));
            m_file.reset();
            m_buffer.clear();
            m_offset = 0;
            m_in_command = false;
        }
        m_items.pop_front();
    }
}

Result<void> RunLog::copy_log(const Sink& sink)
{
    const auto& [job, number] = m_items.front().command;
    if (!m_file) {
        auto opened = sys::open_regular(m_run, log_path(job, number), O_NOFOLLOW);
        if (!opened && opened.error().kind == ErrorKind::not_found)
            return {};
        m_file = TRY(std::move(opened));
    }
    for (;;) {
        std::string more = TRY(sys::read_at(m_file.get(), m_offset, piece_size));
        if (more.empty())
            return {};
        m_offset += more.size();
        m_buffer += more;
        std::string out;
        size_t at = 0;
        for (size_t end; (end = m_buffer.find('\n', at)) != std::string::npos; at = end + 1)
            if (auto line = store::parse_log_line(std::string_view(m_buffer).substr(at, end - at)))
                add_entry(*line, out);
        m_buffer.erase(0, at);
        TRY(sink(out));
    }
}

void RunLog::finish_line(std::string& out)
{
    if (!m_open_line)
        return;
    out += text::log_for_terminal(m_held, m_options.colour) + "\n";
    m_held.clear();
    m_open_line = false;
}

void RunLog::add_entry(const store::LogLine& line, std::string& out)
{
    if (m_open_line && m_open_is_error != line.is_error)
        finish_line(out);
    if (!m_open_line && m_options.timestamps)
        out.append(time_of_day(line.at)).append(line.is_error ? " stderr " : " stdout ");
    m_held += line.text;
    m_open_line = true;
    m_open_is_error = line.is_error;
    if (line.is_whole)
        return finish_line(out);
    size_t ready = m_held.size() - text::unfinished_tail(m_held);
    out += text::log_for_terminal(std::string_view(m_held).substr(0, ready), m_options.colour);
    m_held.erase(0, ready);
}

std::string RunLog::active_directory() const
{
    return m_items.empty() ? std::string() : store::paths::job_logs(m_items.front().command.first);
}

} // namespace quire::forge
