// How quire-init makes sure that nothing outlives it when it runs on the host itself.
//
// The best way is a PID namespace: when its first process dies, the kernel kills the rest. That process gets its own
// /proc, in a mount namespace that still follows the host's mounts. There is no user namespace, so jobs keep the
// operator's rights, sudo and file ownership. If the kernel refuses (no CAP_SYS_ADMIN), a guard stays above quire-init:
// a subreaper that kills everything that is left if quire-init is killed.
#pragma once

#include "init/protocol.h"

namespace quire::init {

/// What the process that serves is to do; returns its exit code.
using Serve = int (*)(void* context, Isolation isolation);

/// Starts a process that serves, in a PID namespace or under a guard, waits for it, and ends with its exit code, or
/// returns that. Without either, this process serves.
int isolate(Serve serve, void* context);

/// With a guard, without trying a PID namespace.
int serve_under_guard(Serve serve, void* context);

/// Runs a command for a person, whose terminal the standard streams are (or are not, in a script), in a session of its
/// own. When it has ended, so has everything that it started. Returns its exit code, or 128 + the signal.
int run_for_person(char** argv);

} // namespace quire::init
