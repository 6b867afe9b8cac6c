#include "init/room.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "init/small_file.h"
#include "sys/process_tree.h"
#include "sys/retry.h"

namespace quire::init {

namespace {

uint64_t memory_of(pid_t pid, const char* file, const char* anonymous, const char* shared)
{
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    std::string text = read_small(path);
    return (number_in(text, anonymous) + number_in(text, shared)) << 10;
}

/// Whether the kernel counts us and a child, and nobody else.
bool are_counted_alone()
{
    constexpr rlim_t both = 2;
    rlimit before{}, narrow{};
    if (::getrlimit(RLIMIT_NPROC, &before) < 0)
        return false;
    narrow = {.rlim_cur = std::min(both, before.rlim_max), .rlim_max = before.rlim_max};
    if (::setrlimit(RLIMIT_NPROC, &narrow) < 0)
        return false;
    pid_t child = ::fork();
    if (child == 0)
        ::_exit(0);
    if (child > 0)
        sys::retry([&] { return ::waitpid(child, nullptr, 0); });
    return ::setrlimit(RLIMIT_NPROC, &before) == 0 && child > 0;
}

} // namespace

RoomUse room_use(pid_t root, size_t helpers, uint64_t limit)
{
    RoomUse use;
    std::vector<sys::ProcessEntry> all = sys::descendants_of(root);
    use.processes = all.size() > helpers ? all.size() - helpers : 0;
    if (limit == 0)
        return use;
    for (const sys::ProcessEntry& entry : all)
        use.memory += memory_of(entry.pid, "status", "RssAnon:", "RssShmem:");
    if (use.memory <= limit)
        return use;
    // Pages that forks share were counted for each of them.
    uint64_t exact = 0;
    for (const sys::ProcessEntry& entry : all) {
        uint64_t part = memory_of(entry.pid, "smaps_rollup", "Pss_Anon:", "Pss_Shmem:");
        exact += part != 0 ? part : memory_of(entry.pid, "status", "RssAnon:", "RssShmem:");
    }
    use.memory = exact;
    return use;
}

Excess judge_room(const RoomUse& use, const RoomLimits& limits)
{
    if (limits.memory != 0 && use.memory > limits.memory)
        return Excess::memory;
    if (limits.processes != 0 && use.processes > limits.processes)
        return Excess::processes;
    return Excess::none;
}

bool keep_to_processes(uint32_t most)
{
    rlimit limit{};
    if (!are_counted_alone() || ::getrlimit(RLIMIT_NPROC, &limit) < 0)
        return false;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_cur, most);
    limit.rlim_max = std::min<rlim_t>(limit.rlim_max, most);
    return ::setrlimit(RLIMIT_NPROC, &limit) == 0;
}

void keep_to_cpus(uint32_t cpus)
{
    cpu_set_t allowed, kept;
    if (cpus == 0 || ::sched_getaffinity(0, sizeof allowed, &allowed) < 0)
        return;
    CPU_ZERO(&kept);
    for (size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&kept) < static_cast<int>(cpus); ++cpu)
        if (CPU_ISSET(cpu, &allowed))
            CPU_SET(cpu, &kept);
    ::sched_setaffinity(0, sizeof kept, &kept);
}

uint64_t machine_kills() { return number_in(read_small("/proc/vmstat"), "oom_kill "); }

} // namespace quire::init
