// What a failure of the machine leaves at the end of a file that was appended to: its length is on the disk, and what
// was written is not, so it ends in zeros.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace quire::sys {

/// Cuts zeros off the end of a file that has none of its own. Returns its size. REQUIRES: nobody else writes to it.
Result<uint64_t> cut_zeros(int fd, uint64_t size, std::string_view name);

} // namespace quire::sys
