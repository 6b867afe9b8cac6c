// The state of a cron source: quire/cron/<name> in its repository, a small table that is replaced as a whole. Only the
// runner writes it.
//
//   {:schedule "0 3 * * 1" :tick "…Z"}                          the last time it was due, which has been dealt with
//   {:schedule … :tick … :pending "…Z" :pending-since "…Z"}     the run for that time is being made
//
// The second form is written first: after a crash, the runner looks whether that run exists, and makes it if not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace quire::store {

struct CronTick {
    std::string schedule; ///< the one it was registered with
    Instant tick = 0;
    Instant pending = 0;       ///< 0: no run is being made
    Instant pending_since = 0; ///< the run for `pending` can't be older than this
};

/// nullopt if the source is new. `repository` is an open directory.
Result<std::optional<CronTick>> read_cron_tick(int repository, const std::string& source);
/// Durable when it returns.
Result<void> write_cron_tick(int repository, const std::string& source, const CronTick& tick);
/// Removes the state of all other sources.
Result<void> keep_cron_ticks(int repository, const std::vector<std::string>& sources);

} // namespace quire::store
