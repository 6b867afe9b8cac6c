// Launcher: starts, watches and signals a run's quire-ci and cleans up after it, wherever it works.
//
// The rest of the runner deals with a run's phases and files, never with processes. It asks the launcher whether a run
// is alive and, after a restart, to find a run that an earlier runner started. quire-ci reports its end in the run's
// directory, so a launcher needs only a file system that both sides see.
//
// There are three: a child on this machine, a child behind an argv prefix (ssh, systemd-run), and a job of Slurm. To
// add one, derive both classes and let launchers.cc choose it. It must keep three promises. start() may be cut off at
// any point, even after the engine took the order; adopt() must then find what was started, by the run's marker or by
// what start() left in the run's directory (far_run.h). The lock that start() gets does not work across machines, so a
// quire-ci elsewhere takes its own. `ended` is called only when nothing writes into the run's directory any more.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "store/config.h"
#include "store/run_record.h"
#include "sys/lock.h"
#include "sys/loop.h"
#include "sys/process.h"

namespace quire::runner {

/// One run, with everything that is needed to start or end processes for it.
struct RunPlace {
    store::RunRecord record;
    std::string marker; ///< tells its processes and containers from all others; see marker.h
    std::string path;   ///< absolute
    std::string engine; ///< the container engine it uses; empty: any that is installed
    UniqueFd directory;
    static Result<RunPlace> of(const store::Root& root, const store::RunRecord& record, std::string engine = "");
};

struct LaunchOrder {
    std::vector<std::string> arguments; ///< arguments for quire-ci; paths are absolute
    sys::Environment environment;
    int log = -1; ///< receives quire-ci's own messages
    store::LauncherConfig launcher = {};
};

/// A run that was started. Destroying this object does not stop the run.
class LaunchedRun {
public:
    /// Called with quire-ci's exit code, or 128 + the signal that ended it; nullopt if that is unknown.
    using Ended = std::function<void(std::optional<int> exit)>;
    using Reaped = std::function<void(int status)>;

    virtual ~LaunchedRun() = default;
    /// Calls back once, from a later turn, when quire-ci has ended.
    virtual void watch(Ended ended) = 0;
    /// Signals quire-ci. It is fine if it is gone already.
    virtual void signal(int number) = 0;
    /// Ends all that the run left running. Calls back once, from a later turn; 0: nothing of it is alive.
    virtual Result<void> reap(Reaped reaped) = 0;
};

class Launcher {
public:
    virtual ~Launcher() = default;
    /// REQUIRES: the run's record durably says :active. `prepared` is the run's lock, held since its preparation.
    virtual Result<std::unique_ptr<LaunchedRun>> start(const RunPlace& place, const LaunchOrder& order,
                                                       sys::FileLock prepared) = 0;
    /// Takes over a run whose record says :active. An earlier runner started it, or died just before it could.
    virtual Result<std::unique_ptr<LaunchedRun>> adopt(const RunPlace& place) = 0;
};

/// The variables of the runner that quire-ci gets: PATH, and those that an operator sets for a container engine.
sys::Environment quire_ci_environment();

/// The launcher of this data root: starts each run as its order says, and adopts it as it was started. `programs` is
/// the directory with quire's programs; the loop must outlive it.
std::unique_ptr<Launcher> make_launcher(sys::Loop& loop, std::string programs);

} // namespace quire::runner
