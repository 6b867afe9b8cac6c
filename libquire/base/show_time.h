// Instants for a person to read.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace quire {

/// The time of day, "11:34:37.123", in a text that format_instant made. Any other text is returned unchanged.
std::string_view time_of_day(std::string_view instant);
/// "2026-11-21 11:34:37 UTC"
std::string show_moment(Instant instant);

} // namespace quire
