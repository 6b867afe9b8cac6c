// What a command prints, handed over block by block while the caller waits: for output that is larger than anybody
// wants to hold, or of which a part is worth having when time is up. (run() of process.h collects it whole.)
#pragma once

#include <functional>
#include <string_view>

#include "sys/process.h"

namespace quire::sys {

/// Gets a block; false: it has seen enough.
using TakeBlock = std::function<bool(std::string_view block)>;

enum class Ended {
    by_itself, ///< the status says how
    by_taker,  ///< `take` had enough
    by_time,   ///< the deadline came first
};

struct Outcome {
    Ended ended = Ended::by_itself;
    int status = 0;
};

/// Starts the command and hands over its stdout until it ends; killed when `take` has enough or at the deadline, an
/// instant of monotonic_now(). Its stdin is empty and its stderr ours; `command.output` is ignored.
Result<Outcome> read_output(Command command, int64_t deadline, const TakeBlock& take);

} // namespace quire::sys
