// What is asked of a file that is open already: its status, its size, its end.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::sys {

/// `name` is used in the error.
Result<struct stat> stat_of(int fd, std::string_view name);
/// The size of a file, 0 if it can't be told.
uint64_t size_of(int fd);
/// The last bytes of a file.
Result<std::string> read_tail(int fd, uint64_t most);

} // namespace quire::sys
