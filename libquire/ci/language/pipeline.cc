#include "ci/language/pipeline.h"

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

/// The message may have several lines (a traceback); each is made safe for a terminal.
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

std::string format_diagnostic(const Diagnostic& diagnostic)
{
    std::string text = fmt::format("{}: {}\n", to_string(diagnostic.place), for_terminal(diagnostic.message));
    if (!diagnostic.source_line.empty()) {
        constexpr size_t shown = 200;
        std::string number = std::to_string(diagnostic.place.position.line);
        text += fmt::format("  {} | {}\n", number, text::for_terminal(diagnostic.source_line.substr(0, shown)));
        if (size_t column = diagnostic.place.position.column; column > 0 && column <= shown)
            text += fmt::format("  {} | {}^\n", std::string(number.size(), ' '), std::string(column - 1, ' '));
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
