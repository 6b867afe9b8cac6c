// A keeper stands between quire-init and one command, so that all that the command starts stays below it.
//
//   quire-init ─ keeper ─ command ─ …            daemons, once orphaned, become the keeper's children
//
// It is a fork of quire-init that is a subreaper: it starts the command in a session of its own, reports on a
// pipe how that went, and lives until its last descendant is gone. The end of that pipe therefore means that nothing is
// left. It dies with quire-init, and the command with it (PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "base/unique_fd.h"
#include "init/protocol.h"

namespace quire::init {

struct KeeperReport {
    enum Kind : uint32_t { failed = 1, exited = 2 };
    uint32_t kind;
    uint32_t value; ///< failed: FailedStep; exited: the exit code, or 128 + the signal
    int64_t detail; ///< failed: errno; exited: the monotonic clock
};

struct Keeper {
    pid_t pid;
    UniqueFd report; ///< KeeperReports, then end of file
    UniqueFd out;
    UniqueFd err;
};

/// nullopt with errno when the machine has no more processes or descriptors.
std::optional<Keeper> start_keeper(const RunRequest& request);

} // namespace quire::init
