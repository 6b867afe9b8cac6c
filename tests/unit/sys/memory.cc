#include "sys/memory.h"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>

#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/time.h"
#include "sys/file.h"

using namespace quire;

// Sanitizers have a heap of their own, which keeps for a while what is freed.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

/// What the process has of its own, in KiB.
static size_t own_memory()
{
    std::string status = sys::read_file(AT_FDCWD, "/proc/self/status").value_or("");
    constexpr const char* name = "RssAnon:";
    return static_cast<size_t>(std::atoll(std::strstr(status.c_str(), name) + std::strlen(name)));
}

TEST_CASE("memory that was freed between what is kept is given back, once there is much of it")
{
    // In the process, other tests may have freed something before.
    sys::HeapTrimmer(0, 0).look();
    size_t before = own_memory();
    constexpr size_t blocks = 4096, block = 16u << 10, kept = 8; // 64 MiB in all
    std::vector<std::vector<char>> all;
    for (size_t i = 0; i < blocks; ++i)
        all.emplace_back(block, 'x');
    for (size_t i = 0; i < blocks; ++i)
        if (i % kept != 0)
            std::vector<char>().swap(all[i]);
    REQUIRE(own_memory() > before + (32u << 10));
    sys::HeapTrimmer unconcerned(size_t{1} << 40, 0);
    CHECK(unconcerned.look() == nanoseconds_per_second);
    CHECK(own_memory() > before + (32u << 10));
    sys::HeapTrimmer trimmer(0, 1u << 20);
    CHECK(trimmer.look() < nanoseconds_per_second); // it looks soon again
    CHECK(own_memory() < before + (24u << 10));
}

#endif
