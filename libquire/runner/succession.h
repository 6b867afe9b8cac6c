// The order of pushes, as the reflog tells it. Hooks can finish out of order and so make runs out of order, but the run
// for a branch's present tip must never give way to an older one.
#pragma once

#include <map>
#include <vector>

#include "git/reflog.h"
#include "store/run_record.h"

namespace quire::runner {

/// Whether newer runs replace runs like this one: true for pushes to branches, not for tags, reruns and other sources.
bool can_be_superseded(const store::RunRecord& record);

/// Of one branch's runs, those that a newer one replaces, each with the number of the newest run. Runs of pushes that
/// the reflog does not know (any more) are not compared.
std::map<uint64_t, uint64_t> find_superseded(const std::vector<git::ReflogEntry>& reflog,
                                             std::vector<const store::RunRecord*> runs);

} // namespace quire::runner
