// What becomes of memory that was freed.
#pragma once

#include <cstddef>

namespace quire::sys {

/// From now on blocks of at least so many bytes go back to the system as soon as they are freed. For a server that
/// makes large things now and then in many threads, each of which would keep some of it.
void return_large_blocks(size_t bytes);

} // namespace quire::sys
