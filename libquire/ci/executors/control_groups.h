// Whether an engine can make a control group for a container, which it must to limit it.
//
// Docker can, and root's podman. Podman without root asks the user's systemd for one; without such a session it may
// only if the group beside its own is the user's. Where it may not, runc refuses every container that is to be limited,
// and crun starts it without limits. Groups of version 1 are root's alone: podman says so, and goes on.
#pragma once

#include <string>

#include "sys/process.h"

namespace quire::ci {

/// Podman's, without root. `membership` and `mount` are where the kernel tells about groups.
bool user_may_make_groups(const sys::Environment& environment, const std::string& membership = "/proc/self/cgroup",
                          const std::string& mount = "/sys/fs/cgroup");

} // namespace quire::ci
