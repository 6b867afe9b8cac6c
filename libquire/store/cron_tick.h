// Where a cron source stands: quire/cron/<name> in its repository, one small table, replaced whole. Only the runner
// writes it.
//
//   {:schedule "0 3 * * 1" :tick "…Z"}                          it was last due then, and that has been seen to
//   {:schedule … :tick … :pending "…Z" :pending-since "…Z"}     the run for that time is being made
//
// The second form comes first: whoever finds it after a crash looks whether the run is there, and makes it if not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace quire::store {

struct CronTick {
    std::string schedule; ///< it was registered with
    Instant tick = 0;
    Instant pending = 0;       ///< 0: none
    Instant pending_since = 0; ///< no run for it is older
};

/// nullopt when the source is new. `repository` is an open directory.
Result<std::optional<CronTick>> read_cron_tick(int repository, const std::string& source);
/// Durable when it returns.
Result<void> write_cron_tick(int repository, const std::string& source, const CronTick& tick);
/// Forgets all but these.
Result<void> keep_cron_ticks(int repository, const std::vector<std::string>& sources);

} // namespace quire::store
