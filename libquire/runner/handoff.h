// What a run is handed: its facts, the secrets as they are now, and the bounds it has to keep.
#pragma once

#include "ci/run/handoff.h"
#include "runner/facts.h"
#include "store/config.h"

namespace quire::runner {

Result<ci::Handoff> make_handoff(const store::Root& root, const store::GlobalConfig& config,
                                 const store::RunRecord& record, const Changes& changes);

} // namespace quire::runner
