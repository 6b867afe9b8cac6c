// The source of runs that `quire bisect` makes. They run a job of another run at an older commit, and say nothing about
// how their ref stands now. Their event names that run, as "#42"; its source is what the pipeline is told.
#pragma once

#include <optional>

#include "store/run_record.h"

namespace quire::store {

constexpr const char* bisect_source = "bisect";

inline bool is_of_bisection(const RunRecord& run) { return run.source == bisect_source; }
/// The number of the run whose failure is looked into.
std::optional<uint64_t> bisected_run(const RunRecord& run);
/// The record with the source, event and parameters of the run whose failure is looked into; any other record as it is.
Result<RunRecord> as_bisected(const Root& root, const RunRecord& run);

} // namespace quire::store
