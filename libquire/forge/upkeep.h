// Housekeeping of one repository, in the background and never while a pusher waits.
//
// Called by `quire upkeep`, which the runner starts when a push has asked for it. Everything here may be killed at
// any point and begun again.
#pragma once

#include "store/root.h"

namespace quire::forge {

/// Old tips that pushes replaced or deleted stay reachable this long.
constexpr int64_t days_kept = 90;

/// Pins what pushes of the last 90 days threw away under refs/quire/kept, lets go of older pins, writes the
/// commit-graph with changed-path filters, and packs when there is enough to pack.
Result<void> upkeep(const store::Root& root, const store::RepoName& name);

} // namespace quire::forge
