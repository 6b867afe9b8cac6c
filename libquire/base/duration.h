// Durations as people write them in a pipeline or a config file.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace quire {

/// Nanoseconds from "90s", "15m", "2h", "7d", sums of them ("1h30m") or a bare number of seconds. Positive only.
Result<int64_t> parse_duration(std::string_view text);

} // namespace quire
