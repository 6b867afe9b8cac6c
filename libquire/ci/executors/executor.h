// Executor: where the commands of a run are executed. Host, bubblewrap and container differ only in how
// their helper (quire-init) is started; everything behind that is one code path.
//
//   Executor executor(loop, TRY(host_confinement(setting)), limits);
//   CommandId id = executor.start({.job = "build", .argv = {"make"}}, observer);
//   ... the loop turns; observer.output(...) as bytes come, observer.finished(result) once ...
//   executor.end_job("build", [] { ... });   // what the job left running is ended
//   executor.close([] { ... });              // everything is; the container is gone
//
// Nothing here blocks: it all happens in the loop's turns. start() may be called at once, before the helper is
// up. If the helper dies, every command finishes as `lost` with the reason. An observer outlives its command's
// finished(); the loop outlives the executor. Memory is bounded: a slow observer slows the command.
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
#include "sys/loop.h"
#include "sys/process.h"

namespace quire::ci {

class Executor final : private InitChannel::Listener {
public:
    using Done = std::function<void()>;

    Executor(sys::Loop& loop, Confinement confinement, Limits limits = {});
    /// Without close() before: ends everything at once, and does not wait.
    ~Executor() override;

    CommandId start(CommandSpec spec, CommandObserver& observer);
    /// TERM, the grace period, KILL, to everything the command started. One that has finished is fine.
    void cancel(CommandId id);
    /// The same for all that a job has running or left behind. Calls back when nothing is left of it.
    void end_job(const std::string& job, Done done);
    /// The same for everything, then ends the helper. No start() afterwards.
    void close(Done done);

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

    Result<void> start_helper();
    Result<std::string> make_request(const CommandSpec& spec) const;
    void read_errors();
    void helper_ended();
    void helper_is_gone();
    std::string last_error_line() const;
    void sweep(int round);
    void clean_up(int round);
    void cleaned_up(int round);
    void look_again();
    void leave();

    sys::Loop& m_loop;
    Confinement m_confinement;
    Limits m_limits;
    RunningCommand::Link m_link;
    std::optional<sys::Process> m_helper;
    std::optional<InitChannel> m_channel;
    UniqueFd m_errors; ///< the helper's or the engine's stderr
    std::string m_error_text;
    std::string m_lost; ///< why nothing can be started any more
    bool m_ready = false, m_closing = false, m_left = false, m_output_ended = false;
    std::optional<int> m_status; ///< of the helper, once it has ended
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
