// What a killed build of an image leaves in podman's storage: a working container, and the layer it wrote to. Podman
// forgets it, shows it only to `podman ps --external`, and never removes it.
//
// A build of ours has a mark, which podman keeps with the working container from its beginning on: the name of a secret
// that no Dockerfile asks for. So only what is marked is removed, and nothing of the operator's. Other engines leave
// nothing behind. These calls start the engine and wait for it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace quire::ci {

/// The options of `podman build` that mark a build of the run.
std::vector<std::string> build_mark(const std::string& run);

/// Removes what the run's builds left, and a day later that of every run which has no process on this machine. It is
/// fine if there is nothing. REQUIRES: no build of the run goes on.
Result<void> remove_builds(const std::string& engine, const std::string& run);

} // namespace quire::ci
