// The marker of a run's processes and containers: the same text wherever the runner looks for it.
#pragma once

#include <optional>
#include <string>

#include "ci/executors/survivors.h"
#include "store/root.h"

namespace quire::runner {

using ci::leader_variable;

/// "<root>.<repository component>.<number>". <root> differs between the data roots of a machine.
Result<std::string> marker_of(const store::Root& root, const store::RepoName& repo, uint64_t number);

/// The beginning of all markers of a root.
Result<std::string> marker_prefix(const store::Root& root);

} // namespace quire::runner
