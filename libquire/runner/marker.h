// What marks the processes and containers of a run: the same word wherever the runner looks for it.
#pragma once

#include <optional>
#include <string>

#include "store/root.h"

namespace quire::runner {

/// In the environment of the quire-ci that a runner started; its jobs don't have it.
constexpr std::string_view leader_variable = "QUIRE_CI";

/// "<root>.<repository component>.<number>", where <root> tells one data root on this machine from another.
Result<std::string> marker_of(const store::Root& root, const store::RepoName& repo, uint64_t number);

/// How all markers of a root begin.
Result<std::string> marker_prefix(const store::Root& root);

} // namespace quire::runner
