// A command of a run: what is asked of an executor, who hears of it, and how it ended.
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
};

/// The string form of `sh`.
std::vector<std::string> shell_argv(std::string_view script);

struct CommandResult {
    enum class End {
        exited,      ///< by itself or by a signal: `exit` is the code, or 128 + the signal
        not_started, ///< `exit` is 127 (not found) or 126, as in a shell
        timed_out,   ///< `exit` is 124, as from timeout(1)
        canceled,    ///< `exit` is 143, as after TERM
        lost,        ///< the helper, the container or the machine failed
        no_place,    ///< where it should have run could not be made ready; `reason` says all. `exit` is 125
    };
    End end = End::exited;
    int exit = 0;
    std::string reason; ///< one line; empty when it just exited
    Instant started = 0;
    int64_t duration = 0; ///< nanoseconds
    std::string out, err; ///< the first bytes of each stream, up to Limits::capture
    bool out_truncated = false, err_truncated = false;
};

class CommandObserver {
public:
    virtual ~CommandObserver() = default;
    virtual void output(Stream stream, std::string_view bytes) = 0;
    /// What there was to read has been read: show it to whoever follows.
    virtual void settled() = 0;
    /// The last call. The observer may be destroyed in it.
    virtual void finished(CommandResult result) = 0;
};

struct Limits {
    size_t capture = 16u << 20;                         ///< bytes of each stream that a result carries
    int64_t grace = 10 * nanoseconds_per_second;        ///< between TERM and KILL
    int64_t drain_quiet = nanoseconds_per_second / 5;   ///< a pipe that outlives its command: this long without a byte
    int64_t drain_longest = 5 * nanoseconds_per_second; ///< ... and at most this long
    int64_t give_up = 10 * nanoseconds_per_second;      ///< after KILL, for what even that does not end
};

using CommandId = uint32_t;

} // namespace quire::ci
