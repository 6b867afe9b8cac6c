// Random bytes from the kernel, for what nobody may guess.
#pragma once

#include <string>

#include "base/result.h"

namespace quire::sys {

/// `bytes` of them, as twice as many lower-case hex digits.
Result<std::string> random_hex(size_t bytes);

} // namespace quire::sys
