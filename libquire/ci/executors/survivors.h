// What is left of a run on this machine when all that watched it was killed: found by the marker that every
// command of a run carries in its environment.
#pragma once

#include <string>
#include <string_view>

namespace quire::ci {

/// The variable that holds Setting::run in every command's environment.
constexpr std::string_view run_variable = "QUIRE_RUN_MARKER";
constexpr std::string_view job_variable = "QUIRE_JOB";

/// Whether a process with the run's marker lives.
bool has_survivors(std::string_view run);

/// One round of killing them; yields how many there were. Again until 0.
size_t kill_survivors(std::string_view run);

} // namespace quire::ci
