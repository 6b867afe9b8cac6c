// How quire-init makes sure that nothing outlives it when it runs on the host itself.
//
// The best way is a PID namespace: when its first process dies, the kernel kills the rest. That process gets its own
// /proc, in a mount namespace that still follows the host's mounts. There is no user namespace, so jobs keep the
// operator's rights, sudo and file ownership. If the kernel refuses (no CAP_SYS_ADMIN), a guard stays above quire-init:
// a subreaper that kills everything that is left if quire-init is killed.
#pragma once

#include "init/protocol.h"

namespace quire::init {

/// Forks. It returns only in the process that serves, in a PID namespace or under a guard. The other processes wait for
/// that one and leave with its exit code.
Isolation isolate();

/// Forks with a guard, without trying a PID namespace.
Isolation serve_under_guard();

/// Runs a command for a person, whose terminal the standard streams are (or are not, in a script), in a session of its
/// own. When it has ended, so has everything that it started. Returns its exit code, or 128 + the signal.
int run_for_person(char** argv);

} // namespace quire::init
