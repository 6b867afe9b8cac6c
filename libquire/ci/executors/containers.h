// Asks the engine about the containers of runs, to clean up after runs that nobody watches any more.
//
// Each container has its run's marker (Setting::run) as a label. These calls start the engine and wait for it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace quire::ci {

constexpr const char* container_label = "quire.run";

/// The variables, besides HOME and PATH, that engines read: configuration, sockets, credentials, proxies. Programs that
/// start quire-ci pass them on.
std::span<const char* const> engine_variables();

/// The path of the engine that is wanted; if none is, of podman or else docker.
Result<std::string> find_engine(const std::string& wanted);

/// One line that explains, from the engine's output, why it could not start or build a container of the image.
std::string why_no_container(const std::string& image, std::string_view said);
std::string engine_words(std::string_view said);

/// The runs that have a container, running or not.
Result<std::vector<std::string>> list_containers(const std::string& engine);

/// Kills and removes the run's containers. It is fine if there are none.
Result<void> remove_containers(const std::string& engine, const std::string& run);

} // namespace quire::ci
