// Two directory entries trade places.
#pragma once

#include <string>

#include "base/result.h"

namespace quire::sys {

/// What has this name in one directory and in the other, in one step: whoever looks finds one of them.
Result<void> exchange(int one_directory, int other_directory, const std::string& name);

} // namespace quire::sys
