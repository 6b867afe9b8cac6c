// Hands over what a command prints, block by block, while the caller waits. Use it for output that is too large to
// hold, or when a part of it is useful once time is up. run() in process.h collects all of the output instead.
#pragma once

#include <functional>
#include <string_view>

#include "base/patience.h"
#include "sys/process.h"

namespace quire::sys {

/// Receives a block. Returns false when it wants no more.
using TakeBlock = std::function<bool(std::string_view block)>;

enum class Ended {
    by_itself, ///< it ended by itself; the status says how
    by_taker,  ///< `take` wanted no more
    by_time,   ///< the patience ran out first
};

struct Outcome {
    Ended ended = Ended::by_itself;
    int status = 0;
};

/// Starts the command and hands over its stdout until it ends. Kills it when `take` wants no more or the patience runs
/// out. Its stdin is empty, its stderr is ours, and `command.output` is ignored.
Result<Outcome> read_output(Command command, const Patience& patience, const TakeBlock& take);

} // namespace quire::sys
