// What commands printed, made fit for a person's terminal: colours at most, and nothing that moves, hides or answers.
//
// for_terminal in text/escape.h is for names and messages, where a colour has no business either.
#pragma once

#include <string>
#include <string_view>

namespace quire::text {

enum class Colour { keep, drop };

/// One line without its end. Tabs stay, select-graphic-rendition escapes stay or go, and the line ends uncoloured. All
/// else that does not show as what it is becomes \xNN; a carriage return at the end goes.
std::string log_for_terminal(std::string_view text, Colour colour);

/// How many bytes at the end are the beginning of a character or of a colour that the next piece may complete.
size_t unfinished_tail(std::string_view text);

} // namespace quire::text
