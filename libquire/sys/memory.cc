#include "sys/memory.h"

#include <malloc.h>
#include <stdlib.h>

#include <array>

namespace quire::sys {

constexpr int ready_blocks = 8;
constexpr size_t page = 4096;

void share_heap(size_t bytes)
{
    int size = static_cast<int>(bytes);
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, size);
    mallopt(M_MMAP_THRESHOLD, size);
    mallopt(M_TRIM_THRESHOLD, 2 * ready_blocks * size);
    // The first who asks for something should not have to wait for the pages.
    size_t block = bytes - bytes / 8;
    std::array<void*, ready_blocks> blocks{};
    for (void*& room : blocks)
        if ((room = malloc(block)))
            for (size_t at = 0; at < block; at += page)
                static_cast<volatile char*>(room)[at] = 0;
    for (void* room : blocks)
        free(room);
}

} // namespace quire::sys
