// The source of runs that `quire bisect` makes. They run a job of a push at an older commit, and say nothing about how
// their ref stands now.
#pragma once

#include "store/run_record.h"

namespace quire::store {

constexpr const char* bisect_source = "bisect";

inline bool is_of_bisection(const RunRecord& run) { return run.source == bisect_source; }
/// Whether the pipeline is told about a push.
inline bool is_of_push(const RunRecord& run) { return run.source == "push" || is_of_bisection(run); }

} // namespace quire::store
