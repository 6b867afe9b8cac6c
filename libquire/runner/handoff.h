// What a run is given: its facts, the present secrets, and its limits.
#pragma once

#include "ci/run/handoff.h"
#include "runner/facts.h"
#include "store/config.h"

namespace quire::runner {

Result<ci::Handoff> make_handoff(const store::Root& root, const store::GlobalConfig& config,
                                 const store::RunRecord& record, const Changes& changes);

} // namespace quire::runner
