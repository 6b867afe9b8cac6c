// Fills the workspace of a run that is being prepared: quire-runner starts it, as a process of its own, for checkouts
// that are more than a moment's work.
#pragma once

#include "store/run_record.h"
#include "sys/process.h"

namespace quire::forge {

/// Checks the run's commit out, by git. Files of an earlier run's checkout that nobody touched are taken over. A
/// checkout of at least `keep_from` files is noted, to be left to the next run; 0: none is. `environment` is git's.
/// REQUIRES: the workspace has a .git and nothing else.
Result<void> fill_workspace(const store::Root& root, const store::RunRecord& record, uint64_t keep_from,
                            const sys::Environment& environment);

} // namespace quire::forge
