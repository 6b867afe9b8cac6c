// How many columns a text takes on a terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace quire {

/// The number of terminal columns that UTF-8 text takes: a wide character takes 2, a combining one 0.
size_t display_width(std::string_view text);

} // namespace quire
