// The order in which people look for names in a list.
#pragma once

#include <string_view>

namespace quire {

/// Numbers by their value, letters without regard to their case, "a/b" before "a-b". A strict order of all strings:
/// what is the same so far is ordered byte by byte.
bool natural_less(std::string_view a, std::string_view b);

} // namespace quire
