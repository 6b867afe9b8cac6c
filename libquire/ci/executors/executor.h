// Executor runs the commands of a run. On the host, in bubblewrap and in containers only the start of the helper
// (quire-init) differs; everything after that is the same code.
//
//   Executor executor(loop, TRY(host_confinement(setting)), limits);
//   CommandId id = executor.start({.job = "build", .argv = {"make"}}, observer);
//   ... the loop turns; observer.output(...) as bytes come, observer.finished(result) once ...
//   executor.end_job("build", [] { ... });   // ends what the job left running
//   executor.close([] { ... });              // ends everything and removes the container
//
// Nothing blocks: all work is done in the loop's turns. start() may be called before the helper is up. If the helper
// dies, every command finishes as `lost` with the reason. An observer must live until its command's finished(), the
// loop longer than the executor. Memory is bounded: a slow observer slows the command down.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ci/executors/command.h"
#include "ci/executors/confinement.h"
#include "ci/executors/init_channel.h"
#include "ci/executors/running_command.h"
#include "ci/executors/started_helper.h"
#include "sys/loop.h"
#include "sys/process.h"

namespace quire::ci {

/// What is known of a place whose executor is closed, or of several: the least that is known of any.
enum class Aftermath {
    unsure, ///< something that it started may live
    over,   ///< nothing that it started lives
    sealed, ///< nor could any of it change a file without the change being dated (init/seal.h)
};

class Executor final : private InitChannel::Listener {
public:
    using Done = std::function<void()>;

    /// Takes over the helper that was started early, if there is one and it fits the confinement.
    Executor(sys::Loop& loop, Confinement confinement, Limits limits = {}, std::optional<StartedHelper> early = {});
    /// If close() was not called, ends everything at once without waiting.
    ~Executor() override;

    CommandId start(CommandSpec spec, CommandObserver& observer);
    /// Sends TERM, and KILL after the grace period, to everything the command started. A finished command is ignored.
    void cancel(CommandId id);
    /// Cancels all commands of a job and ends what they left behind. Calls back when nothing of the job is left.
    void end_job(const std::string& job, Done done);
    /// Ends everything, then the helper. start() must not be called afterwards.
    void close(Done done);
    /// unsure before close() has called back.
    Aftermath aftermath() const { return m_aftermath; }

private:
    void end(std::optional<std::string> job, Done done);
    struct Waiter {
        std::optional<std::string> job; ///< nullopt: everything
        Done done;
    };

    void on_output(uint32_t id, uint8_t stream, std::string_view bytes) override;
    void on_frame(const init::FrameHeader& header, std::string_view payload) override;
    void on_settled() override;
    void on_closed(std::string reason) override;

    Result<void> take_helper(std::optional<StartedHelper> early);
    Result<std::string> make_request(const CommandSpec& spec) const;
    void read_errors();
    void helper_ended();
    void helper_is_gone();
    std::string last_error_line() const;
    void sweep(int round, int clean_looks);
    void clean_up(int round);
    void cleaned_up(int round);
    void finish(int round);
    void look_again();
    void leave();

    sys::Loop& m_loop;
    Confinement m_confinement;
    Limits m_limits;
    RunningCommand::Link m_link;
    std::optional<sys::Process> m_helper;
    std::optional<InitChannel> m_channel;
    UniqueFd m_errors; ///< stderr of the helper or the engine
    std::string m_error_text;
    std::string m_lost; ///< why nothing more can be started
    Aftermath m_aftermath = Aftermath::unsure;
    bool m_is_sealed = false;
    bool m_ready = false, m_closing = false, m_left = false, m_output_ended = false;
    std::optional<int> m_status; ///< the helper's, once it has ended
    sys::Loop::Id m_exit_watch = 0, m_error_watch = 0, m_leave_timer = 0, m_look_timer = 0, m_ending = 0;
    std::map<CommandId, RunningCommand> m_commands;
    std::set<CommandId> m_unsettled;
    std::vector<Waiter> m_waiters;
    CommandId m_next = 1;
    Done m_closed;
    std::optional<sys::Process> m_cleanup;
    UniqueFd m_cleanup_errors;
    sys::Loop::Id m_cleanup_watch = 0;
};

} // namespace quire::ci
