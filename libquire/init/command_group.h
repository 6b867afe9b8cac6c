// The commands' control group (version 2), which is quire-init's own or a job's, and what the kernel says of it. The
// kernel counts memory more exactly than anybody who looks from time to time, and it says whom it killed for lack of
// memory in this group alone.
//
// It says something about a job's commands only where nobody else is in the group: in a container, where quire-init is
// the group's only process when it starts, or in a group that was made for the job. Where there is neither, rusage and
// /proc/vmstat tell.
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

class CommandGroup {
public:
    /// nullopt if there is none of version 2 that counts memory, or if others are in it. `membership` and `mount` are
    /// where the kernel tells about groups.
    static std::optional<CommandGroup> find(pid_t self, const std::string& membership = "/proc/self/cgroup",
                                            const std::string& mount = "/sys/fs/cgroup");

    /// A group that was made for a job. If quire-init is outside, the commands are to enter it.
    static CommandGroup of_job(std::string directory, bool is_outside)
    {
        return CommandGroup(std::move(directory), is_outside);
    }

    GroupMemory memory() const;

    /// The directory that commands enter; empty if they begin in it, with quire-init.
    std::string to_enter() const { return m_is_outside ? m_directory : std::string(); }
    /// How many processes are in it, without quire-init and `helpers` of its processes, where these are among them.
    size_t processes(size_t helpers) const;
    /// Ends all that is in it, in one step; nothing where quire-init is among them. Not before Linux 5.14.
    void kill() const;

private:
    explicit CommandGroup(std::string directory, bool is_outside = false)
        : m_directory(std::move(directory)), m_is_outside(is_outside)
    {}
    std::string m_directory;
    bool m_is_outside;
};

/// Why a command came to its end, by what its group says from before its start and from after its end. `is_killed`: the
/// command itself was. `is_limited`: the group's limit is the job's.
Excess judge_group(const GroupMemory& before, const GroupMemory& after, bool is_killed, bool is_limited);

/// Lets this process, and all that it starts, be in that group. False, with errno set, if it may not.
bool enter_group(const char* directory);

} // namespace quire::init
