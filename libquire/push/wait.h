// A push that waits for its runs: tells the pusher how each job ends and what the run comes to.
//
// It reads the run's directory and nothing else, as any reader may: the events and logs in it are redacted. The run
// knows nothing of it, and the push is in: whatever goes wrong here costs words, never the push or the run. It ends
// when the runs do, when its time is up, or when nobody listens any more.
#pragma once

#include "push/context.h"
#include "push/record.h"

namespace quire::push {

/// What "-o ci.wait" alone stands for, and the most that is waited.
constexpr int64_t usual_patience = 600 * nanoseconds_per_second;
constexpr int64_t most_patience = 3600 * nanoseconds_per_second;

/// How long a push with these options waits: what "ci.wait=TIME" says, else `configured`, the repository's :push-waits.
/// 0: not at all. A time that is none is an error.
Result<int64_t> patience_of(const std::vector<std::string>& options, int64_t configured);

/// Returns when there is nothing more to tell. REQUIRES: the push is recorded, and its note is gone.
void wait_for_runs(const Context& context, const std::vector<Outcome>& outcomes, int64_t patience);

} // namespace quire::push
