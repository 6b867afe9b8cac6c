// Columns for a person to read: aligned by what a terminal shows, not by bytes.
//
// Also the two forms of numbers that stand in them. What came from outside passes text::for_terminal first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace quire::cli {

enum class Align { left, right };

/// Rows padded to columns, two blanks between them; nothing is put behind the last. Each ends with a newline.
std::string format_table(const std::vector<std::vector<std::string>>& rows, const std::vector<Align>& columns);

/// "812 B", "1.4 MB": powers of 1000, three digits at most.
std::string format_size(uint64_t bytes);
/// "just now", "5 minutes ago", "3 days ago"; a date once it is more than two months.
std::string format_age(Instant then, Instant now);

} // namespace quire::cli
