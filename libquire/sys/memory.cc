#include "sys/memory.h"

#include <malloc.h>

namespace quire::sys {

void return_large_blocks(size_t bytes)
{
    // Setting it also ends glibc's habit of raising the threshold to what was freed last.
    (void)::mallopt(M_MMAP_THRESHOLD, static_cast<int>(bytes));
}

} // namespace quire::sys
