#include "store/log_line.h"

#include "base/strings.h"

namespace quire::store {

std::optional<LogLine> parse_log_line(std::string_view line)
{
    constexpr size_t instant_size = 30; // "2026-11-21T11:34:37.123456789Z"
    if (line.size() < instant_size || line[instant_size - 1] != 'Z' || line[10] != 'T')
        return std::nullopt;
    LogLine parsed{.at = line.substr(0, instant_size)};
    line.remove_prefix(instant_size);
    if (strip_prefix(line, " stderr "))
        parsed.is_error = true;
    else if (!strip_prefix(line, " stdout "))
        return std::nullopt;
    if (strip_prefix(line, "P "))
        parsed.is_whole = false;
    else if (!strip_prefix(line, "F "))
        return std::nullopt;
    parsed.text = line;
    return parsed;
}

} // namespace quire::store
