// One executor of the kind that QUIRE_TEST_EXECUTOR names, in a workspace of its own.
//
// The same tests run on each: host (a PID namespace, where the kernel gives one), subreaper (host without one), bwrap
// and container (QUIRE_TEST_ENGINE, QUIRE_TEST_IMAGE). Every wait has a deadline; a test that passes it fails loudly.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ci/executors/executor.h"
#include "support/scratch.h"

namespace quire::tests {

/// Keeps what a command printed and how it ended.
class Recorder : public ci::CommandObserver {
public:
    void output(ci::Stream stream, std::string_view bytes) override
    {
        (stream == ci::Stream::out ? out : err) += bytes;
        largest = std::max(largest, bytes.size());
    }
    void settled() override { ++times_settled; }
    void finished(ci::CommandResult r) override
    {
        result = std::move(r);
        ++times_finished;
    }

    std::string out, err;
    size_t largest = 0;
    int times_settled = 0, times_finished = 0;
    ci::CommandResult result;
};

std::string executor_kind();
/// A confinement of that kind; fails the test when it can't be made.
enum class Seal { no, yes };
ci::Confinement make_confinement(const std::string& workspace, const std::string& run,
                                 ci::Network network = ci::Network::on, Seal seal = Seal::no);
std::string unique_run();

class World {
public:
    explicit World(ci::Limits limits = quick_limits(), ci::Network network = ci::Network::on, Seal seal = Seal::no);
    ~World();

    /// Grace and drain deadlines that a test can wait for.
    static ci::Limits quick_limits();

    ci::CommandId start(ci::CommandObserver& observer, ci::CommandSpec spec);
    /// Starts, waits until it has finished.
    std::unique_ptr<Recorder> run(ci::CommandSpec spec);
    std::unique_ptr<Recorder> shell(const std::string& script, const std::string& job = "job");
    void wait_for(const std::function<bool()>& condition, const char* what);
    void cancel(ci::CommandId id) { m_executor->cancel(id); }
    void end_job(const std::string& job);
    /// KILL to the quire-init that is above this run's commands.
    void kill_helper();
    ci::Aftermath close();

    const std::string& run_id() const { return m_run; }
    std::string workspace() const { return m_workspace.path(); }
    /// What a file in the workspace holds, seen from here.
    std::string file(const std::string& name) const;
    sys::Loop& loop() { return m_loop; }

private:
    Scratch m_workspace;
    std::string m_run = unique_run();
    sys::Loop m_loop;
    std::unique_ptr<ci::Executor> m_executor;
};

/// Knows whether a process that opened a FIFO in the workspace is still there: only the dead let go of it.
class LifeLine {
public:
    /// `name` becomes a FIFO; processes hold it with `exec 9>name`.
    LifeLine(const std::string& directory, const std::string& name);
    bool is_held() const;
    /// Whether somebody has opened it at all: waits for the first byte.
    bool was_taken();
    /// Waits until nobody holds it, at most `seconds`.
    bool released_within(int seconds) const;

private:
    UniqueFd m_fd;
    bool m_taken = false;
};

/// A script that leaves `sleepers` behind, each in its own way; each holds the FIFO and says so with a byte.
std::string leave_daemons(const std::string& fifo);

} // namespace quire::tests
