#include "ci/executors/executor.h"

#include <signal.h>

#include <algorithm>
#include <iterator>

#include "base/strings.h"
#include "ci/executors/containers.h"
#include "ci/executors/control_groups.h"
#include "ci/executors/survivors.h"
#include "sys/file.h"

namespace quire::ci {

constexpr int exit_lost = 125;

std::vector<std::string> shell_argv(std::string_view script) { return {"sh", "-c", std::string(script)}; }

Executor::Executor(sys::Loop& loop, Confinement confinement, Limits limits, std::optional<StartedHelper> early)
    : m_loop(loop), m_confinement(std::move(confinement)), m_limits(limits),
      m_link{m_loop, m_limits, [this](std::string_view frame) { m_channel ? m_channel->send(frame) : void(); },
             [this] {
                 m_loop.cancel(m_look_timer);
                 m_look_timer = m_loop.after(0, [this] { look_again(); });
             }}
{
    if (auto started = take_helper(std::move(early)); !started) {
        m_lost = started.error().message;
        m_channel.reset();
    }
}

Executor::~Executor()
{
    for (sys::Loop::Id id : {m_exit_watch, m_error_watch, m_leave_timer, m_look_timer, m_cleanup_watch, m_ending})
        m_loop.cancel(id);
}

Result<void> Executor::take_helper(std::optional<StartedHelper> early)
{
    HelperParts parts = early && early->fits(m_confinement) ? early->take() : TRY(start_helper(m_confinement));
    m_helper = std::move(parts.process);
    m_errors = std::move(parts.errors);
    m_channel.emplace(m_loop, std::move(parts.input), std::move(parts.output),
                      static_cast<InitChannel::Listener&>(*this));
    m_exit_watch = m_loop.watch(m_helper->pidfd(), sys::Interest::readable, [this] { helper_ended(); });
    m_error_watch = m_loop.watch(m_errors.get(), sys::Interest::readable, [this] { read_errors(); });
    return {};
}

Result<std::string> Executor::make_request(const CommandSpec& spec) const
{
    init::RunRequest request{spec.argv, m_confinement.command_environment, spec.directory, spec.input};
    sys::set_variable(request.environment, run_variable, m_confinement.run);
    sys::set_variable(request.environment, job_variable, spec.job);
    for (const std::string& entry : spec.environment) {
        size_t equals = entry.find('=');
        if (equals == 0 || equals == std::string::npos)
            return fail(ErrorKind::invalid, "not a variable: {}", entry);
        sys::set_variable(request.environment, entry.substr(0, equals), entry.substr(equals + 1));
    }
    if (spec.argv.empty() || spec.argv[0].empty())
        return fail(ErrorKind::invalid, "an empty command");
    if (!request.directory.starts_with('/'))
        request.directory = m_confinement.directory + (request.directory.empty() ? "" : "/") + request.directory;
    auto has_nul = [](const std::string& s) { return s.find('\0') != std::string::npos; };
    if (std::any_of(spec.argv.begin(), spec.argv.end(), has_nul) || has_nul(request.directory) ||
        std::any_of(request.environment.begin(), request.environment.end(), has_nul))
        return fail(ErrorKind::invalid, "a byte 0 in an argument, a variable or the directory");
    std::string payload = init::encode_run(request);
    if (payload.size() > init::largest_request)
        return fail(ErrorKind::invalid, "arguments, environment and input are longer than {} bytes",
                    init::largest_request);
    return payload;
}

CommandId Executor::start(CommandSpec spec, CommandObserver& observer)
{
    CommandId id = m_next++;
    RunningCommand& command = m_commands.try_emplace(id, m_link, id, spec, observer).first->second;
    auto request = make_request(spec);
    if (!m_lost.empty() || m_closing) {
        m_link.changed();
    } else if (!request) {
        m_loop.after(0, [this, id, why = request.error().message] { // start() must not call finished() itself
            m_commands.at(id).give_up(CommandResult::End::not_started, 126, why);
            m_commands.erase(id);
            look_again();
        });
    } else {
        m_channel->send(init::make_frame(init::FrameType::run, id, *request));
        if (m_ready)
            command.begin();
    }
    return id;
}

void Executor::cancel(CommandId id)
{
    if (auto found = m_commands.find(id); found != m_commands.end())
        found->second.stop(CommandResult::End::canceled, "canceled");
}

void Executor::end_job(const std::string& job, Done done) { end(job, std::move(done)); }

void Executor::end(std::optional<std::string> job, Done done)
{
    for (auto& [id, command] : m_commands)
        if (!job || command.job() == *job)
            command.stop(CommandResult::End::canceled, "ended with its job");
    m_waiters.push_back({std::move(job), std::move(done)});
    m_link.changed();
}

void Executor::close(Done done)
{
    m_closing = true;
    m_closed = std::move(done);
    if (!m_ready && m_helper)
        (void)m_helper->signal(SIGTERM); // an engine may still be looking for its image
    end(std::nullopt, [this] { leave(); });
}

void Executor::leave()
{
    m_left = true;
    if (!m_helper) {
        clean_up(0);
        return;
    }
    m_channel->close_input();
    m_leave_timer = m_loop.after(m_limits.give_up, [this] { (void)m_helper->signal(SIGKILL); });
}

void Executor::on_output(uint32_t id, uint8_t stream, std::string_view bytes)
{
    if (auto found = m_commands.find(id); found != m_commands.end()) {
        m_unsettled.insert(id);
        found->second.on_output(stream, bytes);
    }
}

void Executor::on_frame(const init::FrameHeader& header, std::string_view payload)
{
    if (header.type == init::FrameType::ready && !m_ready) {
        m_ready = true;
        // Nothing of a job has run yet, so this is quire-init's own word.
        m_is_sealed = payload.size() == 2 * sizeof(uint32_t) &&
                      init::read_u32(payload, sizeof(uint32_t)) == static_cast<uint32_t>(init::Isolation::sealed);
        for (auto& [id, command] : m_commands)
            command.begin();
        return;
    }
    auto found = m_commands.find(header.id);
    if (found == m_commands.end())
        return;
    found->second.on_frame(header, payload);
    if (found->second.is_over()) {
        m_commands.erase(found);
        look_again();
    }
}

void Executor::on_settled()
{
    for (CommandId id : std::exchange(m_unsettled, {}))
        if (auto found = m_commands.find(id); found != m_commands.end())
            found->second.settle();
}

void Executor::on_closed(std::string reason)
{
    m_output_ended = true;
    if (!reason.empty()) {
        m_lost = std::move(reason);
        (void)m_helper->signal(SIGKILL);
    } else if (!m_left && m_helper) { // it closed its output and should exit soon
        m_leave_timer = m_loop.after(m_limits.give_up, [this] { (void)m_helper->signal(SIGKILL); });
    }
    if (m_status)
        helper_is_gone();
}

void Executor::read_errors()
{
    constexpr size_t kept = 4096;
    auto piece = sys::read_some(m_errors.get(), kept);
    if (!piece || piece->empty()) {
        m_loop.cancel(std::exchange(m_error_watch, 0));
        return;
    }
    m_error_text += *piece;
    if (m_error_text.size() > kept)
        m_error_text.erase(0, m_error_text.size() - kept);
}

std::string Executor::last_error_line() const
{
    std::string_view text = trim(m_error_text);
    return std::string(text.substr(text.rfind('\n') + 1));
}

void Executor::helper_ended()
{
    constexpr int64_t patience = nanoseconds_per_second;
    m_loop.cancel(std::exchange(m_exit_watch, 0));
    m_loop.cancel(std::exchange(m_leave_timer, 0));
    m_status = m_helper->wait().value_or(-1);
    if (m_output_ended)
        helper_is_gone();
    else // its output is still to be read, unless something else holds the pipe open
        m_leave_timer = m_loop.after(patience, [this] { helper_is_gone(); });
}

void Executor::helper_is_gone()
{
    // It left by itself, after everything else. Who started it (bwrap, an engine) waited for that.
    bool orderly = m_left && *m_status == 0;
    if (orderly)
        m_aftermath = m_is_sealed ? Aftermath::sealed : Aftermath::over;
    m_loop.cancel(std::exchange(m_leave_timer, 0));
    m_ending = m_loop.after(0, [this, orderly] { // not during a call from the channel
        m_channel.reset();
        m_helper.reset();
        m_loop.cancel(std::exchange(m_error_watch, 0));
        if (orderly && m_error_text.empty())
            return finish(0);
        // An engine exits with the command's code, or may say that it could not remove the container.
        if (orderly)
            return clean_up(0);
        if (m_lost.empty())
            m_lost = m_error_text.empty()          ? fmt::format("{} ended with {}", m_confinement.argv[0], *m_status)
                     : m_confinement.image.empty() ? last_error_line()
                                                   : why_no_container(m_confinement.image, m_error_text);
        sweep(0, 0);
    });
}

/// On the host: ends processes that are connected to the run only by the marker in their environment. While a process
/// is being loaded nobody sees its environment, so it takes several looks in a row that find nothing.
void Executor::sweep(int round, int clean_looks)
{
    constexpr int most_rounds = 200, enough_clean_looks = 5;
    constexpr int64_t pause = 4'000'000;
    if (round == 0 && !m_confinement.group.empty())
        remove_job_group(m_confinement.group);
    if (m_confinement.on_this_machine && round < most_rounds && clean_looks < enough_clean_looks) {
        int clean = kill_survivors(m_confinement.run) > 0 ? 0 : clean_looks + 1;
        m_ending = m_loop.after(pause, [this, round, clean] { sweep(round + 1, clean); });
        return;
    }
    look_again();
    clean_up(0);
}

/// Runs m_confinement.cleanup until it succeeds. On a busy machine an engine may still be working on the container and
/// then refuses.
void Executor::clean_up(int round)
{
    if (m_cleanup)
        return;
    auto errors = sys::make_pipe();
    sys::Command command{.argv = m_confinement.cleanup, .environment = m_confinement.environment};
    if (errors)
        command.error = errors->writer.get();
    if (!m_confinement.cleanup.empty() && errors)
        if (auto started = sys::spawn(command))
            m_cleanup.emplace(std::move(*started));
    if (!m_cleanup)
        return finish(0);
    m_cleanup_errors = std::move(errors->reader);
    static_cast<void>(sys::set_nonblocking(m_cleanup_errors.get()).has_value()); // can't fail on our own pipe
    m_cleanup_watch = m_loop.watch(m_cleanup->pidfd(), sys::Interest::readable, [this, round] { cleaned_up(round); });
}

void Executor::cleaned_up(int round)
{
    constexpr int most_rounds = 20;
    constexpr int64_t pause = nanoseconds_per_second / 2;
    constexpr size_t enough = 4096;
    m_loop.cancel(std::exchange(m_cleanup_watch, 0));
    int status = m_cleanup->wait().value_or(-1);
    m_cleanup.reset();
    std::string said(enough, '\0');
    auto got = sys::read_ready(m_cleanup_errors.get(), said.data(), said.size()); // a leftover process may hold it open
    said.resize(got && *got ? **got : 0);
    m_cleanup_errors.reset();
    bool is_gone = said.find("o such container") != std::string::npos;
    if (status != 0 && !is_gone && round < most_rounds)
        m_ending = m_loop.after(pause, [this, round] { clean_up(round + 1); });
    else
        finish(0);
}

/// The last step: the control group goes, and with it whatever is left there.
void Executor::finish(int round)
{
    constexpr int most_rounds = 200;
    constexpr int64_t pause = 5'000'000;
    if (!m_confinement.group.empty() && !remove_job_group(m_confinement.group) && round < most_rounds)
        m_ending = m_loop.after(pause, [this, round] { finish(round + 1); });
    else if (m_closed)
        std::exchange(m_closed, nullptr)();
}

void Executor::look_again()
{
    for (auto& [id, command] : m_commands)
        if (!m_helper)
            command.give_up(m_ready ? CommandResult::End::lost : CommandResult::End::no_place, exit_lost,
                            m_lost.empty() ? "the executor is closed" : m_lost);
    std::erase_if(m_commands, [](const auto& entry) { return entry.second.is_over(); });
    std::vector<Waiter> due;
    auto waits = [&](const Waiter& waiter) {
        return std::any_of(m_commands.begin(), m_commands.end(),
                           [&](const auto& entry) { return !waiter.job || entry.second.job() == *waiter.job; });
    };
    auto first_due = std::stable_partition(m_waiters.begin(), m_waiters.end(), waits);
    std::move(first_due, m_waiters.end(), std::back_inserter(due));
    m_waiters.erase(first_due, m_waiters.end());
    for (Waiter& waiter : due)
        waiter.done();
}

} // namespace quire::ci
