// What a command prints, handed over block by block while the caller waits: for output that is larger than anybody
// wants to hold, or of which a part is worth having when time is up. (run() of process.h collects it whole.)
#pragma once

#include <functional>
#include <string_view>

#include "base/patience.h"
#include "sys/process.h"

namespace quire::sys {

/// Gets a block; false: it has seen enough.
using TakeBlock = std::function<bool(std::string_view block)>;

enum class Ended {
    by_itself, ///< the status says how
    by_taker,  ///< `take` had enough
    by_time,   ///< the patience was over first
};

struct Outcome {
    Ended ended = Ended::by_itself;
    int status = 0;
};

/// Starts the command and hands over its stdout until it ends; killed when `take` has enough or the patience is over.
/// Its stdin is empty and its stderr ours; `command.output` is ignored.
Result<Outcome> read_output(Command command, const Patience& patience, const TakeBlock& take);

} // namespace quire::sys
