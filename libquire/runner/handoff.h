// What a run is given: its facts, the present secrets, and its limits.
#pragma once

#include "ci/run/handoff.h"
#include "runner/facts.h"
#include "store/config.h"

namespace quire::runner {

Result<ci::Handoff> make_handoff(const store::Root& root, const store::GlobalConfig& config,
                                 const store::RunRecord& record, const Changes& changes);

/// Whether a run whose record says :active has not begun: the runner that was to start it here died before quire-ci had
/// read the hand-off. After a crash of the machine nobody can tell; then it has begun.
bool has_not_begun(int run);

} // namespace quire::runner
