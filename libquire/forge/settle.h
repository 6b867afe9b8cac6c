// What must be over before a repository may be moved: its pushes and its runs. Private to forge/.
//
// Queued runs leave the queue and keep their records; when the repository has arrived under a name they go back.
#pragma once

#include "base/result.h"
#include "store/root.h"

namespace quire::forge {

/// ErrorKind::busy, with what is under way, as long as something is. Active runs are canceled and waited for, 30
/// seconds at most, if a runner is alive. REQUIRES: pushes are being refused, so that nothing new begins. Pushes that
/// died are completed first.
Result<void> settle(const store::Root& root, const store::RepoName& name);

/// Queues the runs that still wait again. Safe to repeat.
Result<void> requeue(const store::Root& root, const store::RepoName& name);

} // namespace quire::forge
