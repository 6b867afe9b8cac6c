// The containers of runs, as the engine knows them: for whoever cleans up after runs that nobody watches any more.
//
// Each carries its run's marker (Setting::run) as a label. These calls start the engine and wait for it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace quire::ci {

constexpr const char* container_label = "quire.run";

/// What an engine's client reads from its environment besides HOME and PATH: configuration, sockets, credentials,
/// proxies. Whoever starts quire-ci hands them on.
std::span<const char* const> engine_variables();

/// The path of that engine, or of podman, or of docker.
Result<std::string> find_engine(const std::string& wanted);

/// One line, from what the engine said when it did not start a container of the image, or did not build one.
std::string why_no_container(const std::string& image, std::string_view said);
std::string engine_words(std::string_view said);

/// The runs that have a container, running or not.
Result<std::vector<std::string>> list_containers(const std::string& engine);

/// Kills and removes the run's containers; none is fine.
Result<void> remove_containers(const std::string& engine, const std::string& run);

} // namespace quire::ci
