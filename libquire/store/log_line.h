// LogLine: one entry of a command's log, as quire-run(5) describes it: "<instant> stdout|stderr F|P <text>".
//
// A view into the line it was parsed from. The text is whatever a command printed: it passes an escaper on its way out.
#pragma once

#include <optional>
#include <string_view>

namespace quire::store {

struct LogLine {
    std::string_view at;   ///< RFC 3339 with nanoseconds, as written
    bool is_error = false; ///< of stderr
    bool is_whole = true;  ///< false: the line goes on in the stream's next entry
    std::string_view text;
};

/// Without the newline. nullopt: cut off or damaged.
std::optional<LogLine> parse_log_line(std::string_view line);

} // namespace quire::store
