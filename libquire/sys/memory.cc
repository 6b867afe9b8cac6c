#include "sys/memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <new>
#include <vector>

#include "base/time.h"
#include "sys/file.h"

namespace quire::sys {

constexpr size_t page = 4096;
constexpr int more_than_threads = 64;

void part_heaps(size_t bytes)
{
    int size = static_cast<int>(bytes);
    mallopt(M_ARENA_MAX, more_than_threads);
    mallopt(M_TOP_PAD, size);
    mallopt(M_MMAP_THRESHOLD, size);
    mallopt(M_TRIM_THRESHOLD, 2 * size);
}

void ready_heap(size_t bytes)
{
    std::vector<void*> blocks; // larger blocks would be mapped separately
    constexpr size_t block = 64u << 10;
    for (size_t had = 0; had < bytes; had += block) {
        blocks.push_back(malloc(block));
        for (size_t at = 0; blocks.back() && at < block; at += page)
            static_cast<volatile char*>(blocks.back())[at] = 0;
    }
    for (void* room : blocks)
        free(room);
}

/// The value of a line in /proc/self/status, in bytes.
static Result<size_t> own_memory(std::string_view name)
{
    std::string status = TRY(read_file(AT_FDCWD, "/proc/self/status"));
    size_t at = status.find(name);
    if (at == std::string::npos)
        return fail(ErrorKind::system, "/proc/self/status has no {}", name);
    constexpr size_t kib = 1024;
    return static_cast<size_t>(::strtoull(status.c_str() + at + name.size(), nullptr, 10)) * kib;
}

int64_t HeapTrimmer::look()
{
    constexpr int64_t soon = nanoseconds_per_second / 10;
    size_t has = own_memory("RssAnon:").value_or(0);
    if (has <= m_usual)
        return nanoseconds_per_second;
    int64_t now = monotonic_now();
    // Once a second in any case: what was in use then may have been freed.
    if (has > m_left + m_growth || now - m_trimmed_at >= nanoseconds_per_second) {
        ::malloc_trim(0);
        m_left = own_memory("RssAnon:").value_or(0);
        m_trimmed_at = now;
    }
    return soon;
}

Result<void> limit_growth(size_t bytes)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_DATA, &limit) != 0)
        return fail_errno("ask for the limit on memory");
    size_t wanted = TRY(own_memory("VmData:")) + bytes;
    if (wanted < limit.rlim_cur)
        limit.rlim_cur = wanted;
    if (::setrlimit(RLIMIT_DATA, &limit) != 0)
        return fail_errno("limit the memory");
    return {};
}

static thread_local unsigned gives_up = 0;

DoesNotWait::DoesNotWait() { ++gives_up; }
DoesNotWait::~DoesNotWait() { --gives_up; }

/// operator new calls it, and tries again when it returns. It must not allocate.
static void on_no_memory()
{
    constexpr int64_t patience = 10 * nanoseconds_per_second;
    constexpr useconds_t pause = 10'000;
    static thread_local int64_t begun = 0, last = 0;
    int64_t now = monotonic_now();
    if (now - last > nanoseconds_per_second) // an earlier lack was over
        begun = now;
    if (gives_up > 0 || now - begun > patience)
        throw std::bad_alloc();
    ::usleep(pause);
    last = monotonic_now();
}

void wait_for_memory() { std::set_new_handler(on_no_memory); }

} // namespace quire::sys
