// The memory of a server with several threads.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace quire::sys {

/// Gives each thread a heap of its own, so that none waits for a lock that a less important thread holds. Heaps grow by
/// `bytes` at a time and keep twice that when it is freed. Larger blocks are mapped separately, and unmapped when they
/// are freed.
void part_heaps(size_t bytes);

/// Prepares `bytes` of the thread's heap, so that its first work need not wait for pages.
void ready_heap(size_t bytes);

/// Returns unused memory of the heaps to the system: what a busy thread frees lies between what is kept, so that its
/// heap doesn't shrink by itself.
class HeapTrimmer {
public:
    /// Below `usual` bytes of memory of the process's own nothing is done. Above, it may grow by `growth` in between.
    HeapTrimmer(size_t usual, size_t growth) : m_usual(usual), m_growth(growth) {}
    /// Trims if it is time; returns after how many nanoseconds to call it again.
    int64_t look();

private:
    size_t m_usual, m_growth;
    size_t m_left = 0; ///< what was in use after the last time
    int64_t m_trimmed_at = 0;
};

/// From now on the process can get at most `bytes` of memory of its own beyond what it has; asking for more fails. Its
/// children may set another limit.
Result<void> limit_growth(size_t bytes);

/// From now on an allocation with `new` that finds no memory waits until others have freed some, for ten seconds at
/// most. So a thread that only keeps the process going survives a moment without memory.
void wait_for_memory();

/// While a thread has one, its allocations throw bad_alloc at once: for work that can be given up, and whose end frees
/// what others wait for.
class DoesNotWait {
public:
    DoesNotWait();
    ~DoesNotWait();
    DoesNotWait(const DoesNotWait&) = delete;
    DoesNotWait& operator=(const DoesNotWait&) = delete;
};

} // namespace quire::sys
