#include "sys/memory.h"

#include <malloc.h>
#include <stdlib.h>

namespace quire::sys {

void share_heap(size_t bytes)
{
    int size = static_cast<int>(bytes);
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, size);
    mallopt(M_MMAP_THRESHOLD, size);
    mallopt(M_TRIM_THRESHOLD, 4 * size);
    // The first who asks for something should not have to wait for the pages.
    size_t first = bytes - bytes / 8;
    if (auto* room = static_cast<volatile char*>(malloc(first))) {
        for (size_t at = 0; at < first; at += 4096)
            room[at] = 0;
        free(const_cast<char*>(room));
    }
}

} // namespace quire::sys
