// Text from strangers on a page: what does not show as what it is, such as ESC, or a mark that turns the writing
// around, is spelled out; what is longer than anybody reads is cut.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace quire::text {

/// Hands out a text piece by piece: what shows as what it is, tabs and ends of lines with it, and what does not: one
/// control, one mark that turns the writing around, or one byte that is no UTF-8.
void split_controls(std::string_view text, const std::function<void(std::string_view)>& take_plain,
                    const std::function<void(std::string_view)>& take_control);
/// How such a one is shown: "\\x1b", "\\u202e"; U+FFFD for a byte that is no UTF-8.
std::string show_control(std::string_view bytes);
/// For several lines on a page: split_controls() with each control shown.
std::string show_controls(std::string_view text);

/// At most `size` bytes of a text, whole characters, with "…" where something was cut.
std::string cut(std::string_view text, size_t size);

} // namespace quire::text
