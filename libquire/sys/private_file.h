// A file in memory that another program must read and nobody else may: a configuration with a password in it.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace quire::sys {

/// Mode 0600, positioned at its beginning. A child that inherits the descriptor can open it at private_path(fd).
Result<UniqueFd> private_memory_file(std::string_view content);
std::string private_path(int fd);

} // namespace quire::sys
