#include "web/runs/log_view.h"

#include <algorithm>

#include "base/strings.h"
#include "store/root.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "text/controls.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr uint64_t record_size = 32;
constexpr size_t piece = 64u << 10;
/// The longest possible entry: 16 KiB of text and what precedes it.
constexpr size_t longest_entry = 20u << 10;

Result<StepLog> StepLog::open(int run, std::string_view job, int64_t number)
{
    std::string path =
        fmt::format("{}/{}", store::paths::job_logs(job), store::paths::command_log(static_cast<int>(number)));
    UniqueFd file = TRY(sys::open_regular_beneath(run, path + ".log"));
    auto index = sys::open_regular_beneath(run, path + ".idx");
    StepLog log(std::move(file), index ? std::move(*index) : UniqueFd());
    log.m_size = sys::size_of(log.m_log.get());
    // The index is read after the log's size, since records never point past the end of the log.
    if (log.m_index)
        log.m_records = sys::size_of(log.m_index.get()) / record_size;
    return log;
}

/// The first entry is at 0; records give the later ones.
Result<LogPosition> StepLog::record(uint64_t number) const
{
    if (number == 0)
        return LogPosition{};
    std::string text = TRY(sys::read_at(m_index.get(), (number - 1) * record_size, record_size));
    auto field = [&](size_t at) {
        std::string_view digits = std::string_view(text).substr(std::min(at, text.size()), 15);
        digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
        return parse_decimal(digits.empty() ? "0" : digits);
    };
    auto offset = field(0), entry = field(16);
    if (text.size() != record_size || !offset || !entry)
        return fail(ErrorKind::invalid, "The log's index is damaged.");
    return LogPosition{*offset, *entry};
}

Result<LogRange> StepLog::page(uint64_t number) const
{
    if (number >= pages())
        return fail(ErrorKind::not_found, "The log has {} pages.", pages());
    LogRange range{TRY(record(number * records_of_a_page)), m_size};
    if (number + 1 < pages())
        range.end = TRY(record((number + 1) * records_of_a_page)).offset;
    return range;
}

Result<uint64_t> StepLog::page_of_entry(uint64_t entry) const
{
    uint64_t low = 0, high = pages();
    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;
        (TRY(record(middle * records_of_a_page)).entry <= entry ? low : high) = middle;
    }
    return low;
}

Result<LogPosition> StepLog::locate(uint64_t offset) const
{
    uint64_t low = 0, high = m_records + 1;
    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;
        (TRY(record(middle)).offset <= offset ? low : high) = middle;
    }
    LogPosition at = TRY(record(low));
    while (at.offset < std::min(offset, m_size)) {
        std::string bytes = TRY(sys::read_at(m_log.get(), at.offset, piece));
        size_t begin = 0;
        for (size_t end; at.offset + begin < offset && (end = bytes.find('\n', begin)) != std::string::npos;
             begin = end + 1)
            ++at.entry;
        if (begin == 0)
            return at;
        at.offset += begin;
    }
    return at;
}

Result<LogPosition> StepLog::each(const LogRange& range, const EntrySink& sink) const
{
    LogPosition at = range.begin;
    while (at.offset < range.end) {
        size_t wanted = std::min<uint64_t>(piece + longest_entry, range.end - at.offset);
        std::string bytes = TRY(sys::read_at(m_log.get(), at.offset, wanted));
        size_t begin = 0;
        for (size_t end; (end = bytes.find('\n', begin)) != std::string::npos; begin = end + 1) {
            if (auto line = store::parse_log_line(std::string_view(bytes).substr(begin, end - begin)))
                sink({at.offset + begin, at.entry}, at.offset + end + 1, *line);
            ++at.entry;
        }
        if (begin == 0)
            break; // not complete yet, or damaged
        at.offset += begin;
    }
    return at;
}

Result<text::Style> StepLog::style_at(uint64_t offset) const
{
    constexpr uint64_t looked_at = 256u << 10;
    uint64_t begin = offset - std::min(offset, looked_at);
    std::string bytes = TRY(sys::read_at(m_log.get(), begin, offset - begin));
    std::string_view rest = bytes;
    if (begin > 0)
        (void)take_until(rest, '\n'); // most likely part of an entry
    // Nothing before the last reset matters. Without a reset, what comes before the first sequence can't be known.
    size_t from = std::string_view::npos;
    for (std::string_view reset : {"\x1b[0m", "\x1b[m"})
        if (size_t at = rest.rfind(reset);
            at != std::string_view::npos && (from == std::string_view::npos || at > from))
            from = at;
    if (from == std::string_view::npos)
        from = rest.find('\x1b');
    if (from == std::string_view::npos)
        return text::Style{};
    rest.remove_prefix(rest.rfind('\n', from) + 1); // npos + 1: it is the first entry
    text::AnsiScreen screen;
    bool goes_on = false;
    while (!rest.empty()) {
        auto line = store::parse_log_line(take_until(rest, '\n'));
        if (!line)
            continue;
        // The end of an entry may cut a sequence in two, but the end of a line does not.
        if (goes_on || line->text.find('\x1b') != std::string_view::npos)
            screen.write(line->text);
        goes_on = !line->is_whole;
        if (line->is_whole)
            screen.end_line();
    }
    return screen.style();
}

void LogRows::add(const LogPosition& at, uint64_t end, const store::LogLine& line)
{
    // Output of the other stream in between ends the row.
    if (m_is_open && m_is_error != line.is_error)
        end_row();
    if (!std::exchange(m_is_open, true)) {
        m_row_begin = at;
        m_is_error = line.is_error;
        m_at = line.at;
    }
    m_screen.write(line.text);
    m_row_end = end;
    m_last_entry = at.entry;
    if (line.is_whole)
        end_row();
}

void LogRows::end_row()
{
    render(m_rows);
    m_screen.end_line();
    m_is_open = false;
    m_done = {m_row_end, m_last_entry + 1};
}

void LogRows::finish()
{
    if (m_is_open)
        end_row();
}

Html LogRows::take() { return std::exchange(m_rows, Html()); }

Html LogRows::partial() const
{
    Html html;
    if (m_is_open)
        render(html);
    return html;
}

/// Class names such as "f3 b u", which the stylesheet defines.
static std::string class_of(const text::Style& style)
{
    std::string names;
    auto add = [&](std::string_view name) { names += (names.empty() ? "" : " ") + std::string(name); };
    if (style.foreground >= 0)
        add(fmt::format("f{}", style.foreground));
    if (style.background >= 0)
        add(fmt::format("g{}", style.background));
    for (const auto& [is_set, name] : {std::pair(style.bold, "bo"),
                                       {style.faint, "fa"},
                                       {style.italic, "it"},
                                       {style.underline, "un"},
                                       {style.inverse, "iv"},
                                       {style.strike, "st"},
                                       {style.hidden, "hi"}})
        if (is_set)
            add(name);
    return names;
}

void LogRows::render(Html& html) const
{
    std::string anchor = fmt::format("L{}{}-{}", m_scope, m_step, m_row_begin.entry);
    html.add("<span class=\"{}\" id=\"{}\"><a href=\"{}\">{}</a>", m_is_error ? "l e" : "l", anchor,
             Url::local("").at(anchor), m_row_begin.entry);
    if (m_shows_times)
        html.add("<time datetime=\"{}\">{}</time>", m_at, std::string_view(m_at).substr(11, 12));
    for (const text::StyledText& styled : m_screen.line()) {
        std::string names = class_of(styled.style);
        if (names.empty())
            html.text(styled.text);
        else
            html.add("<span class=\"{}\">{}</span>", names, styled.text);
    }
    if (m_screen.cut() > 0)
        html.add("<span class=\"fa\"> … {} more</span>", m_screen.cut());
    html.add("\n</span>");
}

std::string command_beginning(std::string_view command)
{
    constexpr size_t most_lines = 3, most_bytes = 400;
    size_t end = 0;
    for (size_t line = 0; line < most_lines && end < command.size(); ++line)
        end = std::min(command.find('\n', end + (line > 0)), command.size());
    if (end >= command.size() && command.size() <= most_bytes)
        return std::string(command);
    std::string_view beginning = command.substr(0, end);
    beginning = beginning.substr(0, beginning.find_last_not_of(" \n") + 1);
    return beginning.size() > most_bytes ? text::cut(beginning, most_bytes) : fmt::format("{} …", beginning);
}

Html command_fold(std::string_view command)
{
    Html html;
    if (command_beginning(command) == command)
        return html;
    return html.add("<details><summary>the whole command</summary>\n<pre class=\"command\" "
                    "tabindex=\"0\"><code>{}</code></pre></details>\n",
                    shown(command));
}

Html step_heading(const StoryJob& job, const StoryStep& step, const Url& link, std::string_view scope)
{
    Html html;
    html.add("<h2 class=\"step\" id=\"S{}{}\"><a href=\"{}\">{}</a> <code>{}</code></h2>\n", scope, step.number, link,
             step.number == 0 ? shown_name(job.id) : std::to_string(step.number),
             shown(command_beginning(step.command)));
    return html.append(command_fold(step.command));
}

Html step_ending(const StoryStep& step)
{
    Html html;
    if (!step.exit)
        return html.add("<p class=\"ending\">its end was not recorded</p>\n");
    html.add("<p class=\"ending\"><span class=\"{}\">exit {}</span> after {}",
             *step.exit == 0 ? "state succeeded" : "state failed", *step.exit,
             format_duration(static_cast<int64_t>(step.seconds * 1e9)));
    if (!step.reason.empty())
        html.add(": {}", shown_name(step.reason));
    return html.add("</p>\n");
}

} // namespace quire::web
