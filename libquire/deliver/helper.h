// Programs that stand between files: they read one and write another, within a time limit.
#pragma once

#include "base/result.h"
#include "sys/process.h"

namespace quire::deliver {

/// Runs the command, with its own input and output, until it ends or the time (nanoseconds) is up. A status other than
/// 0 is an error that carries the last line it said. What reads from a descriptor begins at its beginning.
Result<void> run_helper(sys::Command command, int64_t time_limit);

/// A file without a name on the file system that holds the open file `fd`.
Result<UniqueFd> scratch_beside(int fd);
/// The same in a directory.
Result<UniqueFd> scratch_in(int directory);

} // namespace quire::deliver
