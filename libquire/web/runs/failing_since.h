// Since when a ref is red: the first run that failed after the last green one, and what was pushed between the two.
#pragma once

#include "store/run_record.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

bool is_red(store::RunState state);

/// Links to the first run that failed, the last green one before it, and the comparison of their commits. Goes back
/// from `run` over a limited number of runs; only those of its ref, source and event count. Empty if it is not red.
Html failing_since(const Visit& visit, const store::RunRecord& run);

} // namespace quire::web
