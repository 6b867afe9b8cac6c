// Decides how a run ended, from what quire-ci left behind and from the reason why it was stopped, if it was.
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
    bool is_clean = false;      ///< quire-ci reported the end, which means that it has ended everything it started
    std::string aftermath = {}; ///< what it said of its jobs' processes: "sealed", "over" or nothing; see quire-run(5)
};

/// The last "run-ended" event. A line that a crash cut off is ignored.
struct SaidEnd {
    std::string state;
    std::string reason;
    std::string aftermath = {};
};
std::optional<SaidEnd> said_end(std::string_view events_tail);

/// An end that quire-ci made durable takes precedence over a stop that came later. `exit` is quire-ci's exit code, if
/// anybody waited for it; `last_words` is the last line of its log.
Ending judge(const std::optional<SaidEnd>& said, const std::optional<Stop>& stop, std::optional<int> exit,
             std::string_view last_words);

/// Writes into the run's directory, before the first signal, why the run is being ended. quire-ci tells its jobs' logs,
/// and a runner that takes over reads it. {:state :superseded :reason "superseded by #5" :superseded-by 5}
Result<void> write_stop(int run, const Stop& stop);
/// nullopt if there is none or it can't be read.
std::optional<Stop> read_stop(int run);

/// The last line that quire-ci, or a git that prepared the run, wrote into the log in the run directory.
std::string last_words(int run);

/// Calls judge() for a run directory, with what the ends of its events and of quire-ci's log say.
Ending judge_run(int run, const std::optional<Stop>& stop, std::optional<int> exit);

} // namespace quire::runner
