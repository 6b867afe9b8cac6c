// LoggedMoves: what the push log tells of a push that was cut off. The log is gone through once for all of its refs.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/intent.h"
#include "store/push_log.h"

namespace quire::push {

/// git writes whole seconds from a clock that lags some milliseconds behind ours, and may have read it early. If the
/// same move happened shortly before and was undone, it is taken for this one: that makes a run too many, whereas a
/// missing run would be lost for good.
constexpr Instant reflog_slack = 10 * nanoseconds_per_second;

class LoggedMoves {
public:
    LoggedMoves(const std::vector<store::PushLogEntry>& log, const store::Intent& push);

    /// Whether the push recorded its move of the ref itself.
    bool has(const store::RefUpdate& update) const { return m_recorded.contains(update.ref); }
    /// Whether a later push found the ref where this one would have put it; for refs that were deleted since, with
    /// their reflog.
    bool later_began_at(const store::RefUpdate& update) const { return m_began.contains({update.ref, update.new_id}); }
    /// Whether another push put the ref where this one would have put it.
    bool another_moved(const store::RefUpdate& update) const { return m_moved.contains({update.ref, update.new_id}); }

private:
    using Place = std::pair<std::string, std::string>; ///< a ref, and the id that it was at
    std::set<std::string> m_recorded;
    std::set<Place> m_began;
    std::set<Place> m_moved;
};

} // namespace quire::push
