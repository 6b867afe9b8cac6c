// Control groups of version 2, in which the kernel itself holds a job's :limits.
//
// Docker makes one for each container, and so does root's podman. Podman without root asks the user's systemd for one;
// without such a session it may make one only if the group beside its own is the user's. Where it may not, runc refuses
// every container that is to be limited, and crun starts it without limits. Groups of version 1 are root's alone:
// podman says so, and goes on.
//
// On the host and in bubblewrap quire makes the job's group itself, under the same condition. The user's systemd would
// not want anybody else's groups among its own, so beside those there are none.
#pragma once

#include <optional>
#include <string>

#include "ci/language/pipeline.h"
#include "sys/process.h"

namespace quire::ci {

/// Where the kernel tells about groups.
struct GroupFiles {
    std::string membership = "/proc/self/cgroup";
    std::string mount = "/sys/fs/cgroup";
};

/// Podman's, without root.
bool user_may_make_groups(const sys::Environment& environment, const GroupFiles& files = {});

/// Makes a group with those limits beside our own and returns its directory; nullopt where none can be made. `number`
/// tells this process's groups apart. What others that ended have left behind is removed.
std::optional<std::string> make_job_group(const JobLimits& limits, size_t number, const GroupFiles& files = {});

/// Kills what is in it and removes it. False: something still has to end; try again.
bool remove_job_group(const std::string& directory);

} // namespace quire::ci
