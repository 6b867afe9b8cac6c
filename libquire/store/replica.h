// A replica: a data root that is made and kept current from a backup alone (quire backup follow).
//
// A root is one while replica/state.json is there. It takes no pushes and runs nothing, because what was written here
// would be lost with what comes from the backup. deliver/replica.h keeps it.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "store/root.h"
#include "store/task.h"

namespace quire::store {

struct ReplicaState {
    std::string backup; ///< its id
    std::string target;
    uint64_t generation = 0;
    uint64_t number = 0;       ///< of the object that was applied last
    std::string mark;          ///< of that one
    Instant at = 0;            ///< what is here is from then
    Instant applied_at = 0;    ///< when it came; 0: with the replica itself
    Instant looked_at = 0;     ///< when there was nothing newer at the target
    Instant trouble_since = 0; ///< 0: none
    std::string trouble;       ///< why nothing more is applied, one line
};

namespace paths {

constexpr const char* replica = "replica";
constexpr const char* replica_state = "replica/state.json";
/// Held by whoever keeps the replica.
constexpr const char* replica_lock = "replica/lock";
/// What is not part of the root yet, or no longer.
constexpr const char* replica_spool = "replica/spool";

} // namespace paths

bool is_replica(const Root& root);
/// nullopt where the root is none.
Result<std::optional<ReplicaState>> read_replica(const Root& root);
/// Into the open directory of a root. Only what is synced outlives a power cut.
Result<void> write_replica(int root, const ReplicaState& state, Durability durability = Durability::synced);

/// An error that says what the root is and what to do instead, unless it is no replica. `what`: "it takes no pushes".
Result<void> refuse_on_replica(const Root& root, std::string_view what);
/// "the backup 3f9a1c2e at nas:quire"
std::string origin_of(const ReplicaState& state);
/// What was stored until then is here.
Instant current_until(const ReplicaState& state);
/// By how much it can be behind what was stored, in nanoseconds.
int64_t behind_by(const ReplicaState& state, Instant at);
/// Why it is not kept current; "" while it is.
std::string lag_of(const ReplicaState& state);

} // namespace quire::store
