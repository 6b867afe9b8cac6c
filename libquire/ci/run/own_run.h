// What a person's own run makes up in place of what quire-runner would hand over: source, facts, variables,
// directories.
#pragma once

#include <memory>

#include "ci/run/checkout_copy.h"
#include "ci/run/run.h"

namespace quire::ci {

/// The workspace of a person's own run: a copy of the checkout, or with --in-place, and where git knows nothing of it,
/// the checkout itself. Says on stderr which.
struct OwnWorkspace {
    std::unique_ptr<CheckoutCopy> copy; ///< owns the directory
    std::string path;
};
Result<OwnWorkspace> own_workspace(const RunOptions& options);

/// Source and facts (as the checkout's HEAD has them), the cache, the repository's git directory. An error names the
/// source that the pipeline does not register, or the parameter that is missing or misspelt.
Result<Handoff> own_handoff(const RunOptions& options, const Pipeline& pipeline);

/// CI, QUIRE_SHA and QUIRE_REF of the run's facts, for every command; what the handoff sets already stays.
void add_variables(Handoff& handoff);

/// Whether the source fires anything, and --job if it was named; an error says which sources would.
Result<void> check_jobs(const Pipeline& pipeline, const std::string& source, const std::string& job);
/// The jobs that the source does not fire, each with the --source that does: "nightly (--source nightly)".
std::vector<std::string> unfired_jobs(const Pipeline& pipeline, const std::string& source);

/// Opens --out-dir, without what an earlier run left there. One that holds such directories of somebody else is
/// refused.
Result<UniqueFd> open_out_directory(const std::string& path);

} // namespace quire::ci
