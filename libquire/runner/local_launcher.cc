// The launcher for this machine: quire-ci is a process that holds the run's lock while it is alive.
//
// Our own child is watched through its pidfd. A process that another runner started is not our child: it is alive as
// long as somebody holds the lock, and is found by the marker in its environment.
#include <signal.h>

#include "ci/executors/containers.h"
#include "runner/launchers.h"
#include "runner/local_processes.h"
#include "runner/marker.h"
#include "sys/file.h"
#include "sys/process_tree.h"

namespace quire::runner {

namespace paths = store::paths;

/// How often to check a run that is not our child.
constexpr int64_t poll_every = nanoseconds_per_second / 4;

Result<RunPlace> RunPlace::of(const store::Root& root, const store::RunRecord& record, std::string engine)
{
    std::string path = paths::run(record.repo, record.number);
    std::string marker = TRY(marker_of(root, record.repo, record.number));
    UniqueFd directory = TRY(sys::open_directory(root.fd(), path));
    return RunPlace{record, std::move(marker), root.absolute(path), std::move(engine), std::move(directory)};
}

sys::Environment quire_ci_environment()
{
    sys::Environment environment = sys::base_environment();
    auto hand_on = [&](const char* name) {
        if (auto value = sys::process_variable(name))
            sys::set_variable(environment, name, *value);
    };
    hand_on("PATH");
    for (const char* name : ci::engine_variables())
        hand_on(name);
    return environment;
}

namespace {

class LocalRun final : public LaunchedRun {
public:
    LocalRun(sys::Loop& loop, const std::string& programs, const RunPlace& place, std::optional<sys::Process> child)
        : m_loop(loop), m_programs(programs), m_marker(place.marker), m_engine(place.engine),
          m_directory(place.directory.get()), m_child(std::move(child))
    {}
    ~LocalRun() override { m_loop.cancel(m_timer); }

    void watch(Ended ended) override
    {
        m_ended = std::move(ended);
        if (m_child)
            m_child_watch.emplace(m_loop, *m_child, [this](int status) {
                m_child.reset();
                m_ended(status);
            });
        else
            poll();
    }

    void signal(int number) override
    {
        if (m_child)
            (void)m_child->signal(number);
        else
            signal_marked(m_marker, number);
    }

    Result<void> reap(Reaped reaped) override
    {
        sys::Command command{.argv = {m_programs + "/quire-ci", "reap"}, .environment = quire_ci_environment()};
        if (!m_engine.empty())
            command.argv.insert(command.argv.end(), {"--engine", m_engine});
        command.argv.push_back(m_marker);
        m_reaper = TRY(sys::spawn(command));
        m_reaper_watch.emplace(m_loop, *m_reaper, std::move(reaped));
        return {};
    }

private:
    void poll()
    {
        auto held = sys::is_locked(m_directory, paths::run_lock);
        bool lives = !held || *held;
        m_timer = m_loop.after(lives ? poll_every : 0, [this, lives] { lives ? poll() : m_ended(std::nullopt); });
    }

    sys::Loop& m_loop;
    std::string m_programs, m_marker, m_engine;
    int m_directory; ///< the place's
    std::optional<sys::Process> m_child, m_reaper;
    std::optional<ChildWatch> m_child_watch, m_reaper_watch;
    sys::Loop::Id m_timer = 0;
    Ended m_ended;
};

class LocalLauncher final : public Launcher {
public:
    LocalLauncher(sys::Loop& loop, std::string programs) : m_loop(loop), m_programs(std::move(programs)) {}

    Result<std::unique_ptr<LaunchedRun>> start(const RunPlace& place, const LaunchOrder& order,
                                               sys::FileLock prepared) override
    {
        sys::Command command{.argv = {m_programs + "/quire-ci"},
                             .environment = order.environment,
                             .output = order.log,
                             .error = order.log,
                             .inherit = {prepared.fd()},
                             .new_session = true};
        command.argv.insert(command.argv.end(), order.arguments.begin(), order.arguments.end());
        sys::set_variable(command.environment, leader_variable, place.marker);
        sys::Process child = TRY(sys::spawn(command));
        return std::unique_ptr<LaunchedRun>(new LocalRun(m_loop, m_programs, place, std::move(child)));
    }

    Result<std::unique_ptr<LaunchedRun>> adopt(const RunPlace& place) override
    {
        return std::unique_ptr<LaunchedRun>(new LocalRun(m_loop, m_programs, place, std::nullopt));
    }

private:
    sys::Loop& m_loop;
    std::string m_programs;
};

} // namespace

std::unique_ptr<Launcher> make_local_launcher(sys::Loop& loop, std::string programs)
{
    return std::make_unique<LocalLauncher>(loop, std::move(programs));
}

} // namespace quire::runner
