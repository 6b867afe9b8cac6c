// A command of a run: what the executor is asked to start, who observes it, and how it ended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sys/process.h"

namespace quire::ci {

enum class Stream : uint8_t { out = 1, err = 2 };

struct CommandSpec {
    std::string job;               ///< whose it is: what end_job ends
    std::vector<std::string> argv; ///< looked up in the PATH it will run with
    sys::Environment environment;  ///< over what the executor gives every command
    std::string directory;         ///< relative to the workspace, or absolute inside the executor's world
    int64_t timeout = 0;           ///< nanoseconds; 0: none
    std::string input = {};        ///< what it reads from its standard input
    bool beside = false;           ///< not in the job's place, but on this machine with our own rights
};

/// The argv that runs a script with sh, for the string form of (sh …).
std::vector<std::string> shell_argv(std::string_view script);

struct CommandResult {
    enum class End {
        exited,      ///< by itself or by a signal: `exit` is the code, or 128 + the signal
        not_started, ///< `exit` is 127 (not found) or 126, as in a shell
        timed_out,   ///< `exit` is 124, as from timeout(1)
        canceled,    ///< `exit` is 143, as after TERM
        lost,        ///< the helper, the container or the machine failed
        no_place,    ///< the place to run in could not be prepared; `reason` has the whole story, `exit` is 125
    };
    End end = End::exited;
    int exit = 0;
    std::string reason; ///< one line; empty if the command just exited
    Instant started = 0;
    int64_t duration = 0; ///< nanoseconds
    int64_t cpu = 0;      ///< nanoseconds of processor time
    uint64_t memory = 0;  ///< bytes at its peak: of its largest process, or of all if the job has a limit
    std::string out, err; ///< the first bytes of each stream, at most Limits::capture
    bool out_truncated = false, err_truncated = false;
};

class CommandObserver {
public:
    virtual ~CommandObserver() = default;
    virtual void output(Stream stream, std::string_view bytes) = 0;
    /// Everything that has arrived was handed over: the observer may show it to readers now.
    virtual void settled() = 0;
    /// The last call. The observer may be destroyed during it.
    virtual void finished(CommandResult result) = 0;
};

struct Limits {
    size_t capture = 16u << 20;                         ///< bytes of each stream that the result keeps
    int64_t grace = 10 * nanoseconds_per_second;        ///< between TERM and KILL
    int64_t drain_quiet = nanoseconds_per_second / 5;   ///< how long a pipe that outlives its command may stay silent
    int64_t drain_longest = 5 * nanoseconds_per_second; ///< how long it is read at most
    int64_t give_up = 10 * nanoseconds_per_second;      ///< how long to wait after KILL before giving up
};

using CommandId = uint32_t;

} // namespace quire::ci
