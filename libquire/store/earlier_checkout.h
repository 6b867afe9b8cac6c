// The checkout of a repository's last run, kept for its next one, so that not every file is written again.
//
// While a run lives, its directory has "checkout" beside the workspace: a note of what the workspace looked like before
// any job began, out of the jobs' reach. When the run has ended and nothing of it can write any more, the workspace
// moves into it, and both move by one rename to the repository's runs, where at most one is. It moves with them if the
// repository is renamed, and goes with them if it is removed. The next run that is prepared takes it, moves the files
// over that nobody touched (git/checkout_reuse.h), and drops the rest. All of it may be deleted at any time.
#pragma once

#include <vector>

#include "base/time.h"
#include "store/root.h"

namespace quire::store::paths {
/// Of a run: the note; of a repository's runs: the note and the files.
constexpr const char* checkout = "checkout";
/// What a run took from the repository's runs, while its workspace is being filled.
constexpr const char* run_earlier_checkout = "earlier-checkout";
} // namespace quire::store::paths

namespace quire::store {

/// Takes the repository's into the open directory of a run, as paths::run_earlier_checkout. false: there is none.
Result<bool> take_checkout(const Root& root, const RepoName& repo, int run);

/// Leaves the run's to the next run, in place of one that is there. Does nothing if the run has none.
/// REQUIRES: nothing works in the workspace any more.
Result<void> leave_checkout(const Root& root, const RepoName& repo, uint64_t number);

/// Moves it to the trash, if it is there: the run's own, or an earlier one that it was taking over. `path` is relative
/// to the open directory.
Result<void> drop_checkout(const Root& root, int directory, const std::string& path);

struct KeptCheckout {
    RepoName repo;
    Instant since; ///< when its run left it
};
/// Those of all repositories.
Result<std::vector<KeptCheckout>> kept_checkouts(const Root& root);

/// Drops those that have waited for a next run for longer than `age` nanoseconds.
Result<void> drop_old_checkouts(const Root& root, int64_t age);

} // namespace quire::store
