// Random bytes from the kernel, for secrets.
#pragma once

#include <string>

#include "base/result.h"

namespace quire::sys {

/// `bytes` random bytes as lower-case hex, so twice as many digits.
Result<std::string> random_hex(size_t bytes);

} // namespace quire::sys
