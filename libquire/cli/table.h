// Columns for people to read, aligned by their width on a terminal rather than by bytes.
//
// Also formats sizes and ages. Text from outside must pass text::for_terminal first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace quire::cli {

enum class Align { left, right };

/// Pads rows to columns, two blanks apart, but pads nothing after the last. Each row ends with a newline.
std::string format_table(const std::vector<std::vector<std::string>>& rows, const std::vector<Align>& columns);

/// "812 B", "1.4 MB": powers of 1000, at most three digits.
std::string format_size(uint64_t bytes);
/// "just now", "5 minutes ago", "3 days ago"; a date if it is more than two months ago.
std::string format_age(Instant then, Instant now);

} // namespace quire::cli
