#include "init/room.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/unique_fd.h"
#include "sys/process_tree.h"
#include "sys/retry.h"

namespace quire::init {

namespace {

std::string read_small(const char* path)
{
    constexpr size_t largest = 64u << 10;
    UniqueFd fd(sys::retry([&] { return ::open(path, O_RDONLY | O_CLOEXEC); }));
    std::string content;
    char buffer[4096];
    while (fd && content.size() < largest) {
        ssize_t got = sys::retry([&] { return ::read(fd.get(), buffer, sizeof buffer); });
        if (got <= 0)
            break;
        content.append(buffer, static_cast<size_t>(got));
    }
    return content;
}

/// The number behind `name` at the beginning of a line; 0 if there is none.
uint64_t number_in(const std::string& text, const char* name)
{
    size_t at = text.find(std::string("\n") + name);
    if (at == std::string::npos)
        return 0;
    return std::strtoull(text.c_str() + at + 1 + std::char_traits<char>::length(name), nullptr, 10);
}

uint64_t memory_of(pid_t pid, const char* file, const char* anonymous, const char* shared)
{
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
    std::string text = read_small(path);
    return (number_in(text, anonymous) + number_in(text, shared)) << 10;
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
