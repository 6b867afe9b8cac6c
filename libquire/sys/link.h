// Takes a file over into another directory: as a second name of the same file where the system allows it, else as a
// copy.
#pragma once

#include <string>

#include "base/result.h"

namespace quire::sys {

enum class Taken { linked, copied };

/// `from` must be a regular file and no symlink; `to` must not exist. A link fails over to a copy where it is not
/// possible (another file system, another owner's file); a copy has mode 0444.
Result<Taken> link_or_copy(int from_directory, const std::string& from, int to_directory, const std::string& to);

} // namespace quire::sys
