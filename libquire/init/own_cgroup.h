// What the kernel says of the memory of quire-init's own control group (version 2). It counts more exactly than anybody
// who looks from time to time, and it says whom the kernel killed for lack of memory in this group alone.
//
// It says something about a job's commands only where nobody else is in the group, as in a container; so it is used
// only if quire-init is the group's only process when it starts. Where it is not used, rusage and /proc/vmstat tell.
//
// Only the C library and plain system calls: quire-init is static and small.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "init/room.h"

namespace quire::init {

struct GroupMemory {
    uint64_t peak = 0;  ///< memory.peak, in bytes; with what the kernel keeps of files. 0: the kernel does not say
    uint64_t full = 0;  ///< how often the group's own limit left nothing (`oom` of memory.events)
    uint64_t kills = 0; ///< how many of its processes were killed for lack of memory (`oom_kill`)
};

class OwnCgroup {
public:
    /// nullopt if there is none of version 2 that counts memory, or if others are in it. `membership` and `mount` are
    /// where the kernel tells about groups.
    static std::optional<OwnCgroup> find(pid_t self, const std::string& membership = "/proc/self/cgroup",
                                         const std::string& mount = "/sys/fs/cgroup");

    GroupMemory memory() const;

private:
    explicit OwnCgroup(std::string directory) : m_directory(std::move(directory)) {}
    std::string m_directory;
};

/// Why a command came to its end, by what its group says from before its start and from after its end. `is_killed`: the
/// command itself was. `is_limited`: the group's limit is the job's.
Excess judge_group(const GroupMemory& before, const GroupMemory& after, bool is_killed, bool is_limited);

} // namespace quire::init
