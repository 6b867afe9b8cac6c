#include "executors/fixture.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "base/time.h"
#include "ci/executors/survivors.h"
#include "sys/atomic_file.h"
#include "sys/process_tree.h"

namespace quire::tests {

/// As run_tool does: a helper that dies while it is written to is a result, not our end.
[[maybe_unused]] static const auto ignored_pipes = ::signal(SIGPIPE, SIG_IGN);

using namespace quire::ci;

constexpr int64_t deadline = 60 * nanoseconds_per_second; // sanitizers, a busy machine, an engine's cold start

static std::string variable(const char* name, const char* fallback)
{
    return sys::process_variable(name).value_or(fallback);
}

std::string executor_kind() { return variable("QUIRE_TEST_EXECUTOR", "host"); }

std::string unique_run() { return sys::unique_name("test/" + variable("QUIRE_TEST_RUNS", "run")); }

Confinement make_confinement(const std::string& workspace, const std::string& run, Network network, Seal seal)
{
    Setting setting;
    setting.run = run;
    setting.workspace = workspace;
    setting.network = network;
    setting.is_sealed = seal == Seal::yes;
    setting.helper = variable("QUIRE_TEST_INIT", QUIRE_INIT_PATH);
    std::string kind = executor_kind();
    if (kind != "container")
        setting.environment = sys::base_environment();
    sys::set_variable(setting.environment, "PLACE", "given");
    Result<Confinement> confinement = [&] {
        if (kind == "bwrap")
            return bwrap_confinement(setting);
        if (kind == "container")
            return container_confinement(setting,
                                         {variable("QUIRE_TEST_ENGINE", ""), variable("QUIRE_TEST_IMAGE", "")});
        return host_confinement(setting);
    }();
    INFO(kind << ": " << (confinement ? "" : confinement.error().message));
    REQUIRE(confinement.has_value());
    if (kind == "subreaper")
        confinement->argv.back() = "--guard"; // what --isolate does when the kernel gives no namespace
    return *confinement;
}

Limits World::quick_limits()
{
    Limits limits;
    limits.grace = nanoseconds_per_second / 5;
    limits.drain_quiet = nanoseconds_per_second / 10;
    return limits;
}

World::World(Limits limits, Network network, Seal seal)
    : m_executor(std::make_unique<Executor>(m_loop, make_confinement(m_workspace.path(), m_run, network, seal), limits))
{
    ::chmod(m_workspace.path().c_str(), 0777);
}

World::~World()
{
    if (m_executor)
        close();
}

CommandId World::start(CommandObserver& observer, CommandSpec spec)
{
    return m_executor->start(std::move(spec), observer);
}

std::unique_ptr<Recorder> World::run(CommandSpec spec)
{
    auto recorder = std::make_unique<Recorder>();
    start(*recorder, std::move(spec));
    wait_for([&] { return recorder->times_finished > 0; }, "a command to finish");
    CHECK(recorder->times_finished == 1);
    return recorder;
}

std::unique_ptr<Recorder> World::shell(const std::string& script, const std::string& job)
{
    return run({.job = job, .argv = shell_argv(script)});
}

void World::wait_for(const std::function<bool()>& condition, const char* what)
{
    int64_t until = monotonic_now() + deadline;
    while (!condition()) {
        if (monotonic_now() > until)
            FAIL("waited too long for " << what);
        REQUIRE(m_loop.turn(100'000'000).has_value());
    }
}

void World::end_job(const std::string& job)
{
    bool done = false;
    m_executor->end_job(job, [&] { done = true; });
    wait_for([&] { return done; }, "a job's end");
}

void World::kill_helper()
{
    auto marked = sys::processes_with_variable(fmt::format("{}={}", run_variable, m_run));
    REQUIRE_FALSE(marked.empty());
    // Above a command stands its keeper, above that the one who serves; neither carries the marker.
    std::map<pid_t, pid_t> parents;
    for (const sys::ProcessEntry& entry : sys::list_processes())
        parents[entry.pid] = entry.parent;
    auto name = [](pid_t pid) { return sys::read_file(AT_FDCWD, fmt::format("/proc/{}/comm", pid)).value_or(""); };
    pid_t helper = 0;
    for (const sys::ProcessEntry& entry : marked)
        if (name(entry.parent) == "quire-init\n")
            helper = parents[entry.parent];
    REQUIRE(helper > 0);
    REQUIRE(::kill(helper, SIGKILL) == 0);
}

Aftermath World::close()
{
    bool done = false;
    m_executor->close([&] { done = true; });
    int64_t until = monotonic_now() + deadline;
    while (!done && monotonic_now() < until) // no assertion here: it runs in a destructor, too
        (void)m_loop.turn(100'000'000);
    Aftermath aftermath = m_executor->aftermath();
    m_executor.reset();
    CHECK(done);
    return aftermath;
}

std::string World::file(const std::string& name) const
{
    return sys::read_file(m_workspace.fd(), name).value_or("(no such file)");
}

LifeLine::LifeLine(const std::string& directory, const std::string& name)
{
    std::string path = directory + "/" + name;
    REQUIRE(::mkfifo(path.c_str(), 0666) == 0);
    ::chmod(path.c_str(), 0666);
    m_fd.reset(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    REQUIRE(m_fd);
}

bool LifeLine::was_taken()
{
    char byte;
    m_taken = m_taken || ::read(m_fd.get(), &byte, 1) == 1;
    return m_taken;
}

bool LifeLine::is_held() const
{
    char bytes[64];
    while (::read(m_fd.get(), bytes, sizeof bytes) > 0) {
    }
    pollfd polled{m_fd.get(), POLLIN, 0};
    ::poll(&polled, 1, 0);
    return (polled.revents & POLLHUP) == 0;
}

bool LifeLine::released_within(int seconds) const
{
    int64_t until = monotonic_now() + seconds * nanoseconds_per_second;
    while (is_held() && monotonic_now() < until)
        ::poll(nullptr, 0, 5);
    return !is_held();
}

std::string leave_daemons(const std::string& fifo)
{
    // Each subshell opens the FIFO itself; "x" says that it lives. The sleeps inherit it.
    std::string hold = "exec 9>" + fifo + "; echo x >&9; ";
    return "(setsid sh -c '" + hold +
           "exec sleep 1000' >/dev/null 2>&1 &)\n"
           "(nohup sh -c '" +
           hold +
           "exec sleep 1000' >/dev/null 2>&1 &)\n"
           "(setsid sh -c '(setsid sh -c \"" +
           hold +
           "exec sleep 1000\" &)' >/dev/null 2>&1 &)\n"
           "(env -i \"$(command -v setsid)\" \"$(command -v sh)\" -c 'PATH=/bin:/usr/bin; " +
           hold +
           "exec sleep 1000' >/dev/null 2>&1 &)\n"
           "(sh -c 'trap \"\" TERM HUP INT; " +
           hold +
           "while :; do sleep 1000; done' >/dev/null 2>&1 &)\n"
           "(sh -c '" +
           hold + "kill -STOP $$' >/dev/null 2>&1 &)\n";
}

} // namespace quire::tests
