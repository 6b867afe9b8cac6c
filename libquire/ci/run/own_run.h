// For a run that a person starts: makes up what quire-runner would otherwise hand over, such as source, facts,
// variables and directories.
#pragma once

#include <memory>

#include "ci/run/checkout_copy.h"
#include "ci/run/run.h"

namespace quire::ci {

/// The workspace of such a run: a copy of the checkout. With --in-place, or outside of git, it is the checkout itself.
/// Says on stderr which.
struct OwnWorkspace {
    std::unique_ptr<CheckoutCopy> copy; ///< owns the copy's directory
    std::string path;
};
Result<OwnWorkspace> own_workspace(const RunOptions& options);

/// Makes a handoff with source, facts (from the checkout's HEAD), cache, and the repository's git directory. Fails if
/// the pipeline does not register the source, or if a parameter is missing or misspelt.
Result<Handoff> own_handoff(const RunOptions& options, const Pipeline& pipeline);

/// Adds CI, QUIRE_SHA and QUIRE_REF, from the facts, to every command's environment, unless the handoff sets them.
void add_variables(Handoff& handoff);

/// Fails unless the source fires some job, and --job if that was given. The error says which sources would.
Result<void> check_jobs(const Pipeline& pipeline, const std::string& source, const std::string& job);
/// The jobs that the source does not fire, each with the --source that does: "nightly (--source nightly)".
std::vector<std::string> unfired_jobs(const Pipeline& pipeline, const std::string& source);

/// Opens --out-dir and removes what an earlier run left there. Refuses if directories of those names come from
/// somewhere else.
Result<UniqueFd> open_out_directory(const std::string& path);

} // namespace quire::ci
