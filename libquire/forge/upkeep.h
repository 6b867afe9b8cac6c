// Housekeeping of one repository. It runs in the background, never while a pusher waits.
//
// `quire upkeep` calls it, and the runner starts that when a push has asked for it. It may be killed at any point and
// started again.
#pragma once

#include "store/root.h"

namespace quire::forge {

/// How many days the old tips stay reachable after a push replaced or deleted them.
constexpr int64_t days_kept = 90;

/// Pins under refs/quire/kept what pushes of the last 90 days discarded, removes older pins, writes the commit-graph
/// with changed-path filters, and packs when there is enough to pack.
Result<void> upkeep(const store::Root& root, const store::RepoName& name);

} // namespace quire::forge
