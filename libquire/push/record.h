// From ref updates that git accepted to the push log and queued runs. Shared by post-receive and reconcile.
#pragma once

#include <string>
#include <vector>

#include "store/create_run.h"
#include "store/intent.h"

namespace quire::push {

/// What became of one ref: a run, or why there is none.
struct Outcome {
    store::RefUpdate update;
    std::string commit;        ///< empty when the ref went away or names no commit
    uint64_t run = 0;          ///< 0: no run
    std::string no_run;        ///< the reason then
    bool worth_saying = false; ///< the pusher asked for it (ci.skip) or would wonder; others only with ci.verbose
};

/// Writes the push log and makes the runs. Idempotent for one push id: what is recorded already is found,
/// not made again. `updates` are the refs that really moved.
Result<std::vector<Outcome>> record_push(const store::Root& root, int repository, const store::Intent& push,
                                         const std::vector<store::RefUpdate>& updates, bool may_be_recorded_already);

} // namespace quire::push
