// LogLine: one entry in the log of a command, as in quire-run(5): "<instant> stdout|stderr F|P <text>".
//
// A view into the line it was parsed from. The text is a command's raw output: escape it before showing it.
#pragma once

#include <optional>
#include <string_view>

namespace quire::store {

struct LogLine {
    std::string_view at;   ///< RFC 3339 with nanoseconds, unparsed
    bool is_error = false; ///< it was written to stderr
    bool is_whole = true;  ///< false: the line continues in the stream's next entry
    std::string_view text;
};

/// Takes a line without its newline. nullopt if it is cut off or damaged.
std::optional<LogLine> parse_log_line(std::string_view line);

} // namespace quire::store
