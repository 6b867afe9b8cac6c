// Makes command output safe for a terminal: colours may stay, escapes that move, hide or query are shown as text.
//
// text/escape.h has for_terminal for names and messages, where colours are removed too.
#pragma once

#include <string>
#include <string_view>

namespace quire::text {

enum class Colour { keep, drop };

/// For one line without its newline. Tabs stay, select-graphic-rendition escapes stay or go, and colours are reset at
/// the end. Everything else that is not printable becomes \xNN; a carriage return at the end is removed.
std::string log_for_terminal(std::string_view text, Colour colour);

/// How many bytes at the end may be the beginning of a character or colour escape that the next piece completes.
size_t unfinished_tail(std::string_view text);

} // namespace quire::text
