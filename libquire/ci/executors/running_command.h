// RunningCommand: one command, from its start until everything it started has ended: output, deadlines, stopping.
//
// finished() is called when the command exited and its streams ended. If something it left behind holds a stream open,
// the drain deadline ends the wait. If the command is being stopped, finished() waits until nothing of it is left.
#pragma once

#include <functional>
#include <string>

#include "ci/executors/command.h"
#include "init/protocol.h"
#include "sys/loop.h"

namespace quire::ci {

class RunningCommand {
public:
    struct Link {
        sys::Loop& loop;
        const Limits& limits;
        std::function<void(std::string_view)> send;
        std::function<void()> changed; ///< is_gone() may have become true without a frame from the helper
    };

    RunningCommand(const Link& link, CommandId id, const CommandSpec& spec, CommandObserver& observer);
    ~RunningCommand();

    /// The helper is running: the timeout starts now.
    void begin();
    void on_output(uint8_t stream, std::string_view bytes);
    void on_frame(const init::FrameHeader& header, std::string_view payload);
    void settle();
    /// Sends TERM, and KILL after the grace period. If it is called again, the first reason counts.
    void stop(CommandResult::End why, std::string reason);
    /// The command never ran, or nothing more will be heard of it.
    void give_up(CommandResult::End end, int exit, std::string reason);

    const std::string& job() const { return m_job; }
    /// Nothing of the command is left, and its observer has been told.
    bool is_over() const { return m_gone && m_finished; }

private:
    void arm(sys::Loop::Id& timer, int64_t delay, void (RunningCommand::*action)());
    void timed_out();
    void send_kill();
    void not_killable();
    void on_failed(init::FailedStep step, int code);
    void ended();
    void check_drain();
    void maybe_finish();
    void finish();

    const Link& m_link;
    CommandId m_id;
    std::string m_job, m_program, m_directory, m_stop_reason;
    int64_t m_timeout;
    CommandObserver* m_observer;
    CommandResult m_result;
    bool m_ended = false, m_gone = false, m_finished = false, m_stopping = false;
    bool m_stream_open[2] = {true, true};
    int64_t m_ended_at = 0, m_last_output = 0;
    sys::Loop::Id m_timeout_timer = 0, m_stop_timer = 0, m_drain_timer = 0;
};

} // namespace quire::ci
