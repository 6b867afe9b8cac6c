// Finds what is left of a run on this machine after everything that watched it was killed, by the marker in the
// environment of every command.
#pragma once

#include <string>
#include <string_view>

namespace quire::ci {

/// The variable in every command's environment that holds Setting::run.
constexpr std::string_view run_variable = "QUIRE_RUN_MARKER";
constexpr std::string_view job_variable = "QUIRE_JOB";
/// A variable in the environment of a quire-ci that a runner started, with the same marker. Its jobs don't get it.
constexpr std::string_view leader_variable = "QUIRE_CI";

/// Whether a process with the run's marker is alive.
bool has_survivors(std::string_view run);

/// Kills them once and returns how many there were. Call it until it returns 0.
size_t kill_survivors(std::string_view run);
/// Kills the run's quire-ci.
void kill_leader(std::string_view run);

} // namespace quire::ci
