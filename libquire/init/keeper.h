// A keeper stands between quire-init and one command, so that everything the command starts stays below the keeper.
//
//   quire-init ─ keeper ─ command ─ …            daemons, once orphaned, become the keeper's children
//
// It is a fork of quire-init and a subreaper. It starts the command in a session of its own, reports the result on a
// pipe, and lives until its last descendant is gone. So the end of that pipe means that nothing is left. When
// quire-init dies, the keeper and the command die too (PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "init/protocol.h"

namespace quire::init {

struct KeeperReport {
    enum Kind : uint32_t { failed = 1, exited = 2, started = 3 };
    uint32_t kind;
    uint32_t value; ///< failed: FailedStep; exited: the exit code, or 128 + the signal; started: the command's number
    int64_t detail; ///< failed: errno; exited: the monotonic clock
    int64_t cpu;    ///< exited: nanoseconds of processor time, with the children that it waited for
    uint64_t peak;  ///< exited: bytes that the largest of those processes had in memory
};

struct Keeper {
    pid_t pid;
    UniqueFd report; ///< KeeperReports, then end of file
    UniqueFd out;
    UniqueFd err;
};

/// nullopt, with errno set, if the machine has no more processes or descriptors. The command enters the control group
/// with that directory, if one is given.
std::optional<Keeper> start_keeper(const RunRequest& request, const std::string& group = {});

} // namespace quire::init
