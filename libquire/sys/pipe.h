// Pipes that never make us wait: what a loop reads and writes when the kernel says that it can.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace quire::sys {

Result<void> make_nonblocking(int fd);
/// Asks for a larger buffer in the kernel. A refusal is fine: it only costs speed.
void enlarge_pipe(int fd, int bytes);
/// How many bytes came; 0 at the end, nullopt while there is nothing yet.
Result<std::optional<size_t>> read_ready(int fd, char* buffer, size_t size);
/// How many bytes went; nullopt while there is no room.
Result<std::optional<size_t>> write_ready(int fd, std::string_view bytes);

} // namespace quire::sys
