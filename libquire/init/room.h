// What the commands of a place may use, and whether they use more: quire-init looks at all processes below it several
// times a second. This works on every machine, with cgroups or without; an engine limits its containers besides.
//
// Only the C library and plain system calls: quire-init is static and small.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace quire::init {

/// 0: no limit.
struct RoomLimits {
    uint64_t memory = 0;    ///< bytes, of all processes together
    uint32_t processes = 0; ///< at a time
    uint32_t cpus = 0;      ///< processors that they may run on

    bool are_watched() const { return memory != 0 || processes != 0; }
};

/// Why a command was killed without anybody having asked for it.
enum class Excess : uint32_t {
    none = 0,
    memory = 1,    ///< more than RoomLimits::memory
    processes = 2, ///< more than RoomLimits::processes
    machine = 3,   ///< the kernel killed it for lack of memory
    part = 4,      ///< the kernel killed something in its group for lack of memory, and it failed
};

struct RoomUse {
    uint64_t memory = 0; ///< bytes of anonymous and shared memory; what processes share counts once when it matters
    size_t processes = 0;
};

/// What all descendants of `root` use, but for `helpers` of them, which are ours. If it seems to be more than `limit`,
/// it looks again and counts shared pages once, which takes longer.
RoomUse room_use(pid_t root, size_t helpers, uint64_t limit);

Excess judge_room(const RoomUse& use, const RoomLimits& limits);

/// What the kernel is to hold where `:processes` is that, 0 for none: quire-init and a keeper for each command are not
/// the job's. A job that names no limit has one, so that a fork bomb ends its own job alone.
constexpr uint32_t processes_to_enforce(uint32_t limit)
{
    constexpr uint32_t own_processes = 64, most_processes = 4096;
    return limit != 0 ? limit + own_processes : most_processes;
}

/// Has the kernel refuse this process and its children more processes and threads than that, for good. False where the
/// kernel counts what else the user runs: before Linux 5.14, or without a user namespace of our own. It must be called
/// while we are alone in that. To root the kernel refuses nothing.
bool keep_to_processes(uint32_t most);

/// Lets this process and its children run on so many of the processors that it may use now.
void keep_to_cpus(uint32_t cpus);

/// How many processes the kernel has killed so far for lack of memory; 0 where it does not say.
uint64_t machine_kills();

} // namespace quire::init
