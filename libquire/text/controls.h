// Makes text from strangers fit for a page: characters that are invisible or misleading (ESC, bidi controls) are
// spelled out, and text that is too long is cut.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace quire::text {

/// Hands out a text in pieces. Plain pieces hold printable characters, tabs and line ends. Each control piece is one
/// control, one bidi control, or one byte that is not UTF-8.
void split_controls(std::string_view text, const std::function<void(std::string_view)>& take_plain,
                    const std::function<void(std::string_view)>& take_control);
/// The visible form of a control piece: "\\x1b", "\\u202e", or U+FFFD for a byte that is not UTF-8.
std::string show_control(std::string_view bytes);
/// The text with each control piece in its visible form. It may have several lines.
std::string show_controls(std::string_view text);

/// At most `size` bytes of a text, in whole characters, with "…" appended if something was cut.
std::string cut(std::string_view text, size_t size);

} // namespace quire::text
