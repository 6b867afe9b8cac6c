#include "ci/language/pipeline.h"

#include <algorithm>

#include "base/display_width.h"
#include "base/log.h"
#include "base/strings.h"
#include "text/escape.h"

namespace quire::ci {

const Job* Pipeline::find(std::string_view id) const
{
    for (const Job& job : jobs)
        if (job.id == id)
            return &job;
    return nullptr;
}

std::string to_string(const SourcePlace& place)
{
    if (place.position.line == 0)
        return place.file;
    if (place.position.column == 0)
        return fmt::format("{}:{}", place.file, place.position.line);
    return fmt::format("{}:{}:{}", place.file, place.position.line, place.position.column);
}

/// Makes a message safe for a terminal, line by line: a traceback has several lines.
static std::string for_terminal(std::string_view message)
{
    std::string result;
    for (std::string_view line : split(message, '\n')) {
        if (!result.empty())
            result += "\n    ";
        result += text::for_terminal(line);
    }
    return result;
}

/// Replaces tabs by blanks, so that the mark is at the right column on any terminal.
static std::string without_tabs(std::string_view line)
{
    std::string result;
    for (char byte : line)
        result.append(byte == '\t' ? 4 : 1, byte == '\t' ? ' ' : byte);
    return result;
}

/// The first `count` characters.
static std::string_view first_characters(std::string_view text, size_t count)
{
    size_t end = 0;
    for (; end < text.size() && count > 0; --count)
        end += std::max<size_t>(utf8_length(text.substr(end)), 1);
    return text.substr(0, end);
}

std::string format_diagnostic(const Diagnostic& diagnostic)
{
    std::string text = fmt::format("{}: {}\n", to_string(diagnostic.place), for_terminal(diagnostic.message));
    if (!diagnostic.source_line.empty()) {
        constexpr size_t shown = 200;
        std::string number = std::to_string(diagnostic.place.position.line);
        std::string_view line = first_characters(diagnostic.source_line, shown);
        text += fmt::format("  {} | {}\n", number, text::for_terminal(without_tabs(line)));
        if (size_t column = diagnostic.place.position.column; column > 0 && column <= shown) {
            size_t width = display_width(text::for_terminal(without_tabs(first_characters(line, column - 1))));
            text += fmt::format("  {} | {}^\n", std::string(number.size(), ' '), std::string(width, ' '));
        }
    }
    if (!diagnostic.hint.empty())
        text += fmt::format("  try {}\n", for_terminal(diagnostic.hint));
    return text;
}

text::Data to_data(const Diagnostic& diagnostic)
{
    text::Data data{text::Data::Table{}};
    data.set("file", diagnostic.place.file);
    data.set("line", int64_t{diagnostic.place.position.line});
    data.set("column", int64_t{diagnostic.place.position.column});
    data.set("message", diagnostic.message);
    if (!diagnostic.hint.empty())
        data.set("hint", diagnostic.hint);
    data.set("source", diagnostic.source_line);
    return data;
}

} // namespace quire::ci
