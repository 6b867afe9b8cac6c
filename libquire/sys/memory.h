// How the heap of a server with threads behaves.
#pragma once

#include <cstddef>

namespace quire::sys {

/// Gives all threads one heap, which grows by as much at a time, has eight times that ready and keeps sixteen times
/// that when it was freed: a heap for each thread grows page by page, and that is most of what short work costs.
/// Whatever is larger is mapped by itself, and gone when it is freed.
void share_heap(size_t bytes);

} // namespace quire::sys
