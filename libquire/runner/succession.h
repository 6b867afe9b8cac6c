// Which push came after which, as the reflog tells it: two hooks that finish out of order make runs out of order, and
// the run of a branch's present tip must never give way to an older one.
#pragma once

#include <map>
#include <vector>

#include "git/reflog.h"
#include "store/run_record.h"

namespace quire::runner {

/// Whether runs like this one give way to newer ones: pushes to branches do; tags, reruns and other sources don't.
bool can_be_superseded(const store::RunRecord& record);

/// Of the runs of one branch, those that are older than another, each with the number of the newest. A push that the
/// reflog does not know (any more) is neither.
std::map<uint64_t, uint64_t> find_superseded(const std::vector<git::ReflogEntry>& reflog,
                                             std::vector<const store::RunRecord*> runs);

} // namespace quire::runner
