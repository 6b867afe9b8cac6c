// How quire-init makes sure, on the host itself, that nothing outlives it.
//
// Best is a PID namespace of its own: when its first process dies, the kernel kills the rest. That process also gets
// its own /proc, in a mount namespace that still follows the host's mounts. No user namespace is made: jobs keep the
// operator's rights, sudo and ownerships as they are. Where the kernel refuses (no CAP_SYS_ADMIN) a guard stays above
// quire-init: a subreaper that kills whatever is left should quire-init be killed.
#pragma once

#include "init/protocol.h"

namespace quire::init {

/// Forks. The one who returns serves, in a PID namespace or under a guard; the others wait for it and leave with
/// its exit code.
Isolation isolate();

/// Only the guard.
Isolation serve_under_guard();

} // namespace quire::init
