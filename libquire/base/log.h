// Writes one line per event to stderr, in a form that s6-log and syslog can read: "<program>: <text>".
//
// Control bytes in the text are shown as \xNN, so that nothing a pusher sends can forge a line.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace quire {

/// Set once by run_tool; also the prefix of error messages.
void set_program_name(std::string_view name);
std::string_view program_name();

/// Makes text safe to print on one line: control bytes, invalid UTF-8, line separators and bidi controls become \xNN.
std::string visible(std::string_view text);

/// Writes the line with a single write(2). Failures are ignored: there is nowhere to report them.
void log_line(std::string_view text);

template <class... Args>
void log(fmt::format_string<Args...> format, Args&&... args)
{
    log_line(fmt::format(format, std::forward<Args>(args)...));
}

} // namespace quire
