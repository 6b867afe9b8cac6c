// Records the ref updates that git accepted: in the push log and as queued runs. For post-receive and reconcile.
#pragma once

#include <string>
#include <vector>

#include "store/create_run.h"
#include "store/intent.h"

namespace quire::push {

/// What happened to a ref: its run, or why it has none.
struct Outcome {
    store::RefUpdate update;
    std::string commit;        ///< empty if the ref was deleted or does not lead to a commit
    uint64_t run = 0;          ///< 0: no run
    std::string no_run;        ///< the reason, if there is no run
    bool worth_saying = false; ///< the pusher asked for it (ci.skip) or would wonder; others only with ci.verbose
};

/// Writes the push log and makes the runs. It can be repeated for the same push id: what is recorded already is found
/// and not made again. `updates` are the refs that really moved.
Result<std::vector<Outcome>> record_push(const store::Root& root, int repository, const store::Intent& push,
                                         const std::vector<store::RefUpdate>& updates, bool may_be_recorded_already);

} // namespace quire::push
