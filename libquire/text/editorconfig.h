// The part of EditorConfig that a reader needs: how wide a tab is in a file. Bounded, whatever a pattern holds.
#pragma once

#include <optional>
#include <string_view>

namespace quire::text {

/// Whether folders above do not count.
bool is_root_editorconfig(std::string_view content);

/// What the sections that fit `path`, seen from the folder of the file, say of it: "tab_width", else "indent_size"
/// where it is a number; 1 to 16. The last one counts.
std::optional<int> editorconfig_tab_width(std::string_view content, std::string_view path);

/// Whether an EditorConfig pattern fits: "*", "**", "?", "[…]", "{a,b}", "{1..9}".
bool editorconfig_fits(std::string_view pattern, std::string_view path);

} // namespace quire::text
