// How wide text is on a terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace quire {

/// Columns that a terminal needs for UTF-8 text: 2 for wide characters, 0 for combining ones.
size_t display_width(std::string_view text);

} // namespace quire
