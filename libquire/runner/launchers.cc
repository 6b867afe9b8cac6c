#include "runner/launchers.h"

#include "runner/far_run.h"

namespace quire::runner {

namespace {

class Launchers final : public Launcher {
public:
    Launchers(sys::Loop& loop, const std::string& programs)
        : m_local(make_local_launcher(loop, programs)), m_prefix(make_prefix_launcher(loop, programs)),
          m_slurm(make_slurm_launcher(loop, programs))
    {}

    Result<std::unique_ptr<LaunchedRun>> start(const RunPlace& place, const LaunchOrder& order,
                                               sys::FileLock prepared) override
    {
        return choose(order.launcher).start(place, order, std::move(prepared));
    }

    Result<std::unique_ptr<LaunchedRun>> adopt(const RunPlace& place) override
    {
        auto launch = TRY(read_launch(place.directory.get()));
        return launch ? choose(launch->launcher).adopt(place) : m_local->adopt(place);
    }

private:
    Launcher& choose(const store::LauncherConfig& launcher)
    {
        return launcher.is_slurm ? *m_slurm : launcher.prefix.empty() ? *m_local : *m_prefix;
    }

    std::unique_ptr<Launcher> m_local, m_prefix, m_slurm;
};

} // namespace

std::unique_ptr<Launcher> make_launcher(sys::Loop& loop, std::string programs)
{
    return std::make_unique<Launchers>(loop, programs);
}

} // namespace quire::runner
