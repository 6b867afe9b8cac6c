#include "ci/executors/running_command.h"

#include <signal.h>

#include <algorithm>
#include <cstring>

#include "init/room.h"

namespace quire::ci {

using End = CommandResult::End;

RunningCommand::RunningCommand(const Link& link, CommandId id, const CommandSpec& spec, CommandObserver& observer)
    : m_link(link), m_id(id), m_job(spec.job), m_program(spec.argv.empty() ? "" : spec.argv[0]),
      m_directory(spec.directory), m_timeout(spec.timeout), m_observer(&observer)
{
    m_result.started = now();
}

RunningCommand::~RunningCommand()
{
    for (sys::Loop::Id timer : {m_timeout_timer, m_stop_timer, m_drain_timer})
        m_link.loop.cancel(timer);
}

void RunningCommand::arm(sys::Loop::Id& timer, int64_t delay, void (RunningCommand::*action)())
{
    m_link.loop.cancel(timer);
    timer = m_link.loop.after(delay, [this, action] { (this->*action)(); });
}

void RunningCommand::begin()
{
    m_result.started = now();
    if (m_timeout > 0 && !m_finished)
        arm(m_timeout_timer, m_timeout, &RunningCommand::timed_out);
}

void RunningCommand::on_output(uint8_t stream, std::string_view bytes)
{
    if (m_finished)
        return;
    m_last_output = monotonic_now();
    std::string& kept = stream == 1 ? m_result.out : m_result.err;
    bool& truncated = stream == 1 ? m_result.out_truncated : m_result.err_truncated;
    size_t room = m_link.limits.capture - kept.size();
    truncated = truncated || bytes.size() > room;
    if (kept.size() + bytes.size() > kept.capacity()) // growth must not exceed the limit
        kept.reserve(std::min(m_link.limits.capture, 2 * (kept.size() + bytes.size())));
    kept += bytes.substr(0, room);
    m_observer->output(stream == 1 ? Stream::out : Stream::err, bytes);
}

void RunningCommand::settle()
{
    if (!m_finished)
        m_observer->settled();
}

/// Why it was killed, for whoever reads the log; empty if it just ended.
static std::string_view reason_of(init::Excess excess)
{
    switch (excess) {
    case init::Excess::memory:
        return "killed: with all that it started it used more memory than the job's :limits allow";
    case init::Excess::processes:
        return "killed: it started more processes than the job's :limits allow";
    case init::Excess::machine:
        return "killed: the machine, or the container, had no memory left";
    case init::Excess::part:
        return "a process that ran with it was killed: no memory was left";
    case init::Excess::none:
        break;
    }
    return {};
}

void RunningCommand::on_frame(const init::FrameHeader& header, std::string_view payload)
{
    switch (header.type) {
    case init::FrameType::end:
        m_stream_open[header.stream - 1] = false;
        break;
    case init::FrameType::failed:
        if (payload.size() == 8 && !m_ended)
            on_failed(static_cast<init::FailedStep>(init::read_u32(payload, 0)),
                      static_cast<int>(init::read_u32(payload, 4)));
        break;
    case init::FrameType::exited:
        if (payload.size() == init::exited_size && !m_ended) {
            m_result.exit = static_cast<int>(init::read_u32(payload, 0));
            m_result.duration = static_cast<int64_t>(init::read_u64(payload, 4));
            m_result.cpu = static_cast<int64_t>(init::read_u64(payload, 12));
            m_result.memory = init::read_u64(payload, 20);
            m_result.reason = reason_of(static_cast<init::Excess>(init::read_u32(payload, 28)));
            ended();
        }
        break;
    case init::FrameType::gone:
        if (!m_ended)
            give_up(End::lost, 125, "quire-init lost track of it");
        m_gone = true;
        m_stream_open[0] = m_stream_open[1] = false;
        break;
    default:
        break;
    }
    maybe_finish();
}

void RunningCommand::on_failed(init::FailedStep step, int code)
{
    const char* text = strerrordesc_np(code);
    std::string why = text ? text : fmt::format("error {}", code);
    m_result.end = End::not_started;
    m_result.exit = 126;
    if (step == init::FailedStep::enter_directory)
        m_result.reason = fmt::format("cannot enter {}: {}", m_directory, why);
    else if (step == init::FailedStep::execute && code == ENOENT && m_program.find('/') == std::string::npos)
        m_result.reason = fmt::format("{}: not found in PATH", m_program);
    else
        m_result.reason = fmt::format("cannot start {}: {}", m_program, why);
    if (step == init::FailedStep::execute && code == ENOENT)
        m_result.exit = 127;
    ended();
}

void RunningCommand::ended()
{
    m_ended = true;
    m_ended_at = monotonic_now();
    if (m_stream_open[0] || m_stream_open[1])
        arm(m_drain_timer, m_link.limits.drain_quiet, &RunningCommand::check_drain);
}

void RunningCommand::check_drain()
{
    const Limits& limits = m_link.limits;
    int64_t now = monotonic_now();
    int64_t quiet_until = std::max(m_last_output, m_ended_at) + limits.drain_quiet;
    int64_t until = std::min(quiet_until, m_ended_at + limits.drain_longest);
    if (m_finished || m_stopping) // when stopping, it waits for `gone`
        return;
    if (now < until) {
        arm(m_drain_timer, until - now, &RunningCommand::check_drain);
        return;
    }
    m_link.send(init::make_frame(init::FrameType::discard, m_id));
    m_stream_open[0] = m_stream_open[1] = false;
    maybe_finish();
    m_link.changed();
}

void RunningCommand::timed_out()
{
    if (!m_ended)
        stop(End::timed_out, fmt::format("timed out after {:g} s", static_cast<double>(m_timeout) / 1e9));
}

void RunningCommand::stop(End why, std::string reason)
{
    if (m_stopping || m_gone)
        return;
    m_stopping = true;
    m_stop_reason = std::move(reason);
    if (!m_ended)
        m_result.end = why;
    m_link.send(init::make_frame(init::FrameType::signal, m_id, std::string(1, static_cast<char>(SIGTERM))));
    arm(m_stop_timer, m_link.limits.grace, &RunningCommand::send_kill);
}

void RunningCommand::send_kill()
{
    m_link.send(init::make_frame(init::FrameType::kill, m_id));
    arm(m_stop_timer, m_link.limits.give_up, &RunningCommand::not_killable);
}

void RunningCommand::not_killable()
{
    m_gone = true;
    give_up(m_result.end, m_result.exit, "could not be killed: the kernel does not let go of it");
    m_link.changed();
}

void RunningCommand::maybe_finish()
{
    if (!m_finished && m_ended && !m_stream_open[0] && !m_stream_open[1] && (m_gone || !m_stopping))
        finish();
}

void RunningCommand::give_up(End end, int exit, std::string reason)
{
    if (end == End::lost || end == End::no_place)
        m_gone = true;
    if (m_finished)
        return;
    m_ended = true;
    m_stopping = false;
    m_result.end = end;
    m_result.exit = exit;
    m_result.reason = std::move(reason);
    finish();
}

void RunningCommand::finish()
{
    m_finished = true;
    m_link.loop.cancel(m_timeout_timer);
    m_link.loop.cancel(m_drain_timer);
    if (m_stopping && (m_result.end == End::timed_out || m_result.end == End::canceled)) {
        m_result.exit = m_result.end == End::timed_out ? 124 : 143;
        m_result.reason = std::move(m_stop_reason);
    }
    m_observer->settled();
    m_observer->finished(std::move(m_result));
}

} // namespace quire::ci
