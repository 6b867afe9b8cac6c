// The part of EditorConfig that a reader needs: the width of tabs in a file. Limited for any pattern.
#pragma once

#include <optional>
#include <string_view>

namespace quire::text {

/// Whether folders above are ignored.
bool is_root_editorconfig(std::string_view content);

/// What the sections that match `path` (as seen from the folder of the .editorconfig) say: "tab_width", else
/// "indent_size" if it is a number; from 1 to 16. The last section takes precedence.
std::optional<int> editorconfig_tab_width(std::string_view content, std::string_view path);

/// Whether an EditorConfig pattern matches: "*", "**", "?", "[…]", "{a,b}", "{1..9}".
bool editorconfig_fits(std::string_view pattern, std::string_view path);

} // namespace quire::text
