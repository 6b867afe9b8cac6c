// Launcher: how a run's quire-ci is started, watched, signalled and cleared away, wherever it works.
//
// The rest of the runner knows a run's phases and files, never processes: whether a run lives is asked of its
// launcher, and one that an earlier runner started is found again through it. quire-ci says how a run ended in the
// run's directory, so a launcher needs no more than a file system that both sides see.
//
// To add one (an engine such as Slurm, another machine by ssh), derive both classes and let make_launcher choose it by
// the record. What has to hold: start() may be cut off at any point, also after the engine took the order, and adopt()
// must then find what was started by the run's marker or by what start() left in the run's directory; the lock that
// start() is given does not cross machines, so a far quire-ci takes one of its own; `ended` comes only when nothing
// writes into the run's directory any more.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "store/run_record.h"
#include "sys/lock.h"
#include "sys/loop.h"
#include "sys/process.h"

namespace quire::runner {

/// One run, as whoever starts or ends something for it needs to know it.
struct RunPlace {
    store::RunRecord record;
    std::string marker; ///< tells its processes and containers from all others, see marker.h
    std::string path;   ///< absolute
    std::string engine; ///< of its containers; empty: whichever is there
    UniqueFd directory;
    static Result<RunPlace> of(const store::Root& root, const store::RunRecord& record, std::string engine = "");
};

struct LaunchOrder {
    std::vector<std::string> arguments; ///< of quire-ci; paths are absolute
    sys::Environment environment;
    int log = -1; ///< takes what quire-ci itself has to say
};

/// A run that was started. Destroying it leaves the run alone.
class LaunchedRun {
public:
    /// With quire-ci's exit code, or 128 + the signal that ended it, if that is known.
    using Ended = std::function<void(std::optional<int> exit)>;
    using Reaped = std::function<void(int status)>;

    virtual ~LaunchedRun() = default;
    /// Calls back once, from a later turn, when quire-ci lives no more.
    virtual void watch(Ended ended) = 0;
    /// Signals quire-ci; one that is gone is fine.
    virtual void signal(int number) = 0;
    /// Ends whatever the run left running. Calls back once, from a later turn; 0: nothing of it lives.
    virtual Result<void> reap(Reaped reaped) = 0;
};

class Launcher {
public:
    virtual ~Launcher() = default;
    /// REQUIRES: the run's record durably says :active. `prepared` is the run's lock, held while it was prepared.
    virtual Result<std::unique_ptr<LaunchedRun>> start(const RunPlace& place, const LaunchOrder& order,
                                                       sys::FileLock prepared) = 0;
    /// One whose record says :active, started by an earlier runner or about to be when that died.
    virtual Result<std::unique_ptr<LaunchedRun>> adopt(const RunPlace& place) = 0;
};

/// What quire-ci is given of the runner's environment: PATH, and what an operator sets for a container engine.
sys::Environment quire_ci_environment();

/// The launcher of this data root. `programs` is the directory with quire's own; the loop outlives it.
std::unique_ptr<Launcher> make_launcher(sys::Loop& loop, std::string programs);

} // namespace quire::runner
