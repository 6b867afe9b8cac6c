// The order in which people look for names in a list.
#pragma once

#include <string_view>

namespace quire {

/// Compares numbers by value, letters without case, and puts "a/b" before "a-b". Names that are equal by these rules
/// are ordered byte by byte, so this is a strict order of all strings.
bool natural_less(std::string_view a, std::string_view b);

} // namespace quire
