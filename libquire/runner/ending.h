// How a run ended, judged from what quire-ci left behind and why it was asked to stop, if it was.
#pragma once

#include <optional>
#include <string>

#include "store/run_record.h"

namespace quire::runner {

/// Why the runner ends a run before its time.
struct Stop {
    store::RunState state; ///< canceled, superseded or timed_out
    std::string reason;
    uint64_t superseded_by = 0;
};

struct Ending {
    store::RunState state;
    std::string reason;
    uint64_t superseded_by = 0;
    bool is_clean = false; ///< quire-ci said how it ended, and so has ended all that it had started
};

/// The last "run-ended" of the events. A line that a crash cut off means nothing.
struct SaidEnd {
    std::string state;
    std::string reason;
};
std::optional<SaidEnd> said_end(std::string_view events_tail);

/// An end that quire-ci made durable wins over a stop that came later. `exit` is quire-ci's, unless nobody waited for
/// it; `last_words` the last line of its log.
Ending judge(const std::optional<SaidEnd>& said, const std::optional<Stop>& stop, std::optional<int> exit,
             std::string_view last_words);

/// Why a run is being ended, left in its directory before the first signal: quire-ci tells its jobs' logs, and a runner
/// that takes over knows it. {:state :superseded :reason "superseded by #5" :superseded-by 5}
Result<void> write_stop(int run, const Stop& stop);
/// nullopt also where it can't be read.
std::optional<Stop> read_stop(int run);

/// The last line that quire-ci, or what prepared the run, wrote into the log of the run directory.
std::string last_words(int run);

/// judge() for a run directory: reads the tails of its events and of quire-ci's log.
Ending judge_run(int run, const std::optional<Stop>& stop, std::optional<int> exit);

} // namespace quire::runner
