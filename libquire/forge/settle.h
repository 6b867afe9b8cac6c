// Waits until a repository may be moved: its pushes and runs must have ended. Private to forge/.
//
// Queued runs leave the queue but keep their records; they are queued again when the repository has its new name.
#pragma once

#include "base/result.h"
#include "store/root.h"

namespace quire::forge {

/// ErrorKind::busy names what is still in progress. If a runner is alive, active runs are canceled and waited for, at
/// most 30 seconds. Pushes that died are completed first. REQUIRES: pushes are being refused, so that nothing new
/// begins.
Result<void> settle(const store::Root& root, const store::RepoName& name);

/// Queues the waiting runs again. Safe to repeat.
Result<void> requeue(const store::Root& root, const store::RepoName& name);

} // namespace quire::forge
