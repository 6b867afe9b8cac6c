// Executor::Impl: the helper's process, and the commands it has. Private to ci/.
#pragma once

#include <optional>
#include <set>

#include "ci/executors/init_channel.h"
#include "ci/executors/running_command.h"

namespace quire::ci {

class Executor::Impl final : public InitChannel::Listener {
public:
    Impl(sys::Loop& loop, Confinement confinement, Limits limits);
    ~Impl() override;

    CommandId start(CommandSpec spec, CommandObserver& observer);
    void cancel(CommandId id);
    void end(std::optional<std::string> job, Done done);
    void close(Done done);

private:
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
