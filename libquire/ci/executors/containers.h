// Asks the engine about the containers of runs, to clean up after runs that nobody watches any more.
//
// Each container has its run's marker (Setting::run) as a label. These calls start the engine and wait for it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sys/process.h"

namespace quire::ci {

constexpr const char* container_label = "quire.run";

/// The variables, besides HOME and PATH, that engines read: configuration, sockets, credentials, proxies. Programs that
/// start quire-ci pass them on.
std::span<const char* const> engine_variables();

/// What an engine is started with.
sys::Environment engine_environment();

/// Whether builds can leave something behind, and networks be given to it: podman, not docker.
bool is_podman(std::string_view engine);

/// A name of a container, made from the run; several of one run are told apart by a number that is not 0.
std::string container_name(std::string_view run, int number);
/// The inverse of container_name; nullopt for other names.
std::optional<std::string> run_of_container(std::string_view name);

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
