// quire-ci reap: ends the processes, containers and image builds of a run that nobody watches any more.
#include "base/log.h"
#include "ci/executors/containers.h"
#include "ci/executors/image_builds.h"
#include "ci/executors/survivors.h"
#include "sys/process.h"
#include "verbs.h"

namespace quire::ci_tool {

/// Killed processes take a moment to die, and may have forked before.
static bool kill_until_none(std::string_view run)
{
    constexpr int64_t patience = 10 * nanoseconds_per_second;
    constexpr timespec pause{0, 10'000'000};
    for (int64_t deadline = monotonic_now() + patience; monotonic_now() < deadline;) {
        if (ci::kill_survivors(run) == 0)
            return true;
        ::nanosleep(&pause, nullptr);
    }
    return !ci::has_survivors(run);
}

Result<int> verb_reap(const cli::Options& options)
{
    if (options.operands().empty() || options.operands()[0].empty())
        return fail(ErrorKind::usage, "reap: name the run's marker");
    const std::string& run = options.operands()[0];
    if (options.has("leader"))
        ci::kill_leader(run);
    bool none_left = kill_until_none(run);
    auto engine = ci::find_engine(options.value("engine").value_or(""));
    if (engine) {
        TRY(ci::remove_containers(*engine, run));
        TRY(ci::remove_builds(*engine, run));
    }
    if (!none_left)
        return fail(ErrorKind::system, "processes of {} can't be ended", run);
    return cli::exit_yes;
}

} // namespace quire::ci_tool
