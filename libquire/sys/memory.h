// How the memory of a server with threads behaves.
#pragma once

#include <cstddef>

#include "base/result.h"

namespace quire::sys {

/// Gives each thread a heap of its own, so that none waits for a lock that a less important one holds. Heaps grow by
/// `bytes` at a time and keep twice that when it was freed; whatever is larger is mapped by itself, and gone when it is
/// freed.
void part_heaps(size_t bytes);

/// Makes `bytes` of the thread's heap ready: its first work need not wait for the pages.
void ready_heap(size_t bytes);

/// Gives back what the heaps hold in vain, if the process has more than `bytes` of memory of its own.
void trim_heaps(size_t bytes);

/// From here on the process can't have more than `bytes` of memory of its own besides what it has: to ask for more
/// fails. Its children may set themselves another limit.
Result<void> limit_growth(size_t bytes);

} // namespace quire::sys
