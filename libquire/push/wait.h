// A push that waits for its runs: it tells the pusher how each job and each run ends.
//
// It only reads the run's directory, as any reader may, and the events and logs in it are redacted. It does not affect
// the run, and the push was accepted before, so an error here only costs output. It ends when the runs do, when its
// time is up, or when nobody listens any more.
#pragma once

#include "push/context.h"
#include "push/record.h"

namespace quire::push {

/// How long "-o ci.wait" alone waits, and the longest wait.
constexpr int64_t usual_patience = 600 * nanoseconds_per_second;
constexpr int64_t most_patience = 3600 * nanoseconds_per_second;

/// How long a push with these options waits: the time in "ci.wait=TIME", else `configured`, the repository's
/// :push-waits. 0: not at all. An invalid time is an error.
Result<int64_t> patience_of(const std::vector<std::string>& options, int64_t configured);

/// Returns when there is nothing more to report. REQUIRES: the push is recorded, and its intent is removed.
void wait_for_runs(const Context& context, const std::vector<Outcome>& outcomes, int64_t patience);

} // namespace quire::push
