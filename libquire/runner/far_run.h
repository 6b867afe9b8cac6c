// What launchers share whose quire-ci is no child of the runner that can be waited for.
//
// They start `quire-ci run --away`, which takes the run's lock, then the hand-off (by unlinking it, so only one can),
// and ends when the run's stop file appears. So two facts in the run's directory tell how it stands, whichever machine
// or program died: whether the hand-off is still there, and whether somebody holds the lock. Nothing is ever run twice,
// however often it is started; and whoever takes the hand-off back knows that nothing will begin.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/launcher.h"

namespace quire::runner {

enum class FarState { not_begun, working, over };
/// What can't be read is taken for working.
FarState far_state(int run);
/// From now on nothing can begin. false: it has begun already.
Result<bool> take_handoff_back(int run);

/// How a run was started, kept in its directory for a later runner.
struct Launch {
    store::LauncherConfig launcher;
    std::string script; ///< Slurm's
};
/// REQUIRES: it is written before anything is started.
Result<void> write_launch(int run, const Launch& launch);
/// nullopt: it was started on this machine.
Result<std::optional<Launch>> read_launch(int run);

/// The words of the far side's command; the environment is the far side's own, but for the marker.
std::vector<std::string> far_command(const std::string& quire_ci, const RunPlace& place, const LaunchOrder& order);

} // namespace quire::runner
