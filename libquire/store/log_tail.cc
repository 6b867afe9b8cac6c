#include "store/log_tail.h"

#include <algorithm>
#include <deque>

#include "base/strings.h"
#include "store/log_line.h"
#include "store/root.h"
#include "sys/file.h"
#include "text/ansi.h"
#include "text/controls.h"

namespace quire::store {

std::string as_terminal_shows(std::string_view line, size_t longest)
{
    text::AnsiScreen screen;
    screen.write(line);
    std::string out;
    for (const text::StyledText& piece : screen.line())
        out += piece.text;
    return text::cut(out, longest);
}

std::vector<std::string> log_tail(int run, const std::string& job, int64_t number, const TailOptions& options)
{
    std::string path = fmt::format("{}/{}.log", paths::job_logs(job), paths::command_log(static_cast<int>(number)));
    auto file = sys::open_regular_beneath(run, path);
    auto status = sys::stat_at(run, path);
    if (!file || !status || !*status)
        return {};
    auto size = static_cast<uint64_t>((*status)->st_size);
    uint64_t from = size > options.bytes ? size - options.bytes : 0;
    std::string text = sys::read_at(file->get(), from, options.bytes).value_or("");
    std::deque<std::string> lines;
    std::string open[2]; // the unfinished line of each stream
    for (std::string_view rest = text; !rest.empty();) {
        auto entry = parse_log_line(take_until(rest, '\n'));
        if (!entry)
            continue; // the first one may be incomplete
        std::string& line = open[entry->is_error];
        line += entry->text;
        if (!entry->is_whole && line.size() < options.bytes)
            continue;
        lines.push_back(std::exchange(line, {}));
        if (lines.size() > options.lines)
            lines.pop_front();
    }
    for (std::string& line : open)
        if (!line.empty())
            lines.push_back(std::move(line));
    while (lines.size() > options.lines)
        lines.pop_front();
    std::vector<std::string> result;
    for (const std::string& line : lines)
        result.push_back(as_terminal_shows(line, options.longest_line));
    return result;
}

} // namespace quire::store
