#include "ci/run/run_host.h"

#include <fcntl.h>

#include "base/strings.h"
#include "store/root.h"
#include "sys/file.h"

namespace quire::ci {

/// The observer of one command; lives from start_sh to finished().
class RunHost::Command final : public CommandObserver {
public:
    Command(RunHost& host, std::string job, int number, LoggedStreams logged, ShDone done)
        : m_host(host), m_job(std::move(job)), m_number(number), m_logged(logged), m_done(std::move(done)),
          m_streams{RedactedStream(host.m_redactor), RedactedStream(host.m_redactor)}
    {}

    void output(Stream stream, std::string_view bytes) override
    {
        if (m_logged == LoggedStreams::both || stream == Stream::err)
            m_streams[index(stream)].feed(bytes, emitter(stream));
    }
    void settled() override {}

    void finished(CommandResult result) override
    {
        for (Stream stream : {Stream::out, Stream::err})
            m_streams[index(stream)].finish(emitter(stream));
        result.reason = m_host.m_redactor.redact(result.reason);
        RunHost& host = m_host;
        std::string job = std::move(m_job);
        int number = m_number;
        ShDone done = std::move(m_done);
        host.m_commands.erase(this); // destroys this object
        host.ended(job, number, std::move(result), done);
    }

private:
    static size_t index(Stream stream) { return stream == Stream::out ? 0 : 1; }
    RedactedStream::Emit emitter(Stream stream)
    {
        return [this, stream](std::string_view clean) { m_host.m_setup.sink.output(m_job, m_number, stream, clean); };
    }

    RunHost& m_host;
    std::string m_job;
    int m_number;
    LoggedStreams m_logged;
    ShDone m_done;
    RedactedStream m_streams[2];
};

RunHost::RunHost(Setup setup)
    : m_setup(std::move(setup)), m_files({m_setup.workspace,
                                          m_setup.out,
                                          m_redactor,
                                          [this](const std::string& job, const std::string& text) { log(job, text); },
                                          [this](std::string_view event, const std::string& job, text::Data fields) {
                                              m_setup.sink.happened(event, job, std::move(fields));
                                          },
                                          {.bytes = m_setup.handoff.limits.artifact_bytes}})
{
    for (const auto& [name, value] : m_setup.handoff.secrets)
        if (value && m_redactor.add(*value) == Masking::too_short)
            m_unmasked.insert(name);
}

RunHost::~RunHost() = default;

void RunHost::start_sh(const std::string& job, ShRequest request, ShDone done)
{
    int number = ++m_numbers[job];
    m_setup.sink.command_started(job, number, m_redactor.redact(request.shown));
    CommandSpec spec{.job = job,
                     .argv = std::move(request.argv),
                     .environment = {},
                     .directory = std::move(request.directory),
                     .timeout = request.timeout,
                     .input = std::move(request.input),
                     .beside = request.beside};
    for (const auto& [name, value] : request.environment)
        sys::set_variable(spec.environment, name, value);
    LoggedStreams logged = request.quiet ? LoggedStreams::errors_only : LoggedStreams::both;
    if (m_setup.out >= 0) {
        auto started = start_logged(number, std::move(spec), request.shown, logged, done);
        if (!started)
            m_setup.loop.after(0, [done, error = std::move(started).error()] { done(Unexpected(error)); });
        return;
    }
    auto command = std::make_unique<Command>(*this, job, number, logged, std::move(done));
    Command& observer = *command;
    m_commands.emplace(&observer, std::move(command));
    m_setup.executor.start(std::move(spec), observer);
}

Result<LogWriter> RunHost::open_log(const std::string& job, int number)
{
    std::string path = store::paths::job_logs(job);
    TRY(sys::make_directories(m_setup.out, path));
    UniqueFd directory = TRY(sys::open_directory(m_setup.out, path));
    LogBudget& budget = m_log_budgets.try_emplace(job, m_setup.budget->of_job(m_setup.jobs)).first->second;
    return LogWriter::create(directory.get(), store::paths::command_log(number), budget);
}

/// What a rerun with --debug tells of a command before it runs; of variables only the names.
std::string RunHost::debug_lines(const CommandSpec& spec, std::string_view shown) const
{
    std::set<std::string> names;
    for (const sys::Environment* part : {&m_setup.executor.environment_of(spec.job), &spec.environment})
        for (const std::string& variable : *part)
            names.insert(variable.substr(0, variable.find('=')));
    std::string text = fmt::format("quire: + {}\n", shown);
    if (!spec.directory.empty())
        text += fmt::format("quire: in {}\n", spec.directory);
    return m_redactor.redact(text + fmt::format("quire: with {}\n", fmt::join(names, " ")));
}

Result<void> RunHost::start_logged(int number, CommandSpec spec, const std::string& shown, LoggedStreams logged,
                                   ShDone done)
{
    LogWriter writer = TRY(open_log(spec.job, number));
    if (m_setup.handoff.debug)
        writer.write(Stream::err, debug_lines(spec, shown), now());
    std::string job = spec.job;
    auto key = std::make_shared<const CommandObserver*>();
    auto finished = [this, key, number, job = spec.job, done = std::move(done)](CommandResult result,
                                                                                std::optional<Error> error) {
        // If the log can't be written, the run ends: its output can't be shown any more.
        if (error)
            result = {.end = CommandResult::End::lost, .reason = error->message};
        RunHost& host = *this;
        auto after = [&host, job, number, done, result = std::move(result)]() mutable {
            host.ended(job, number, std::move(result), done);
        };
        m_setup.loop.after(0, [&host, key, after]() mutable {
            host.m_commands.erase(*key);
            after();
        });
    };
    auto log = std::make_unique<CommandLog>(m_setup.loop, m_redactor, std::move(writer), logged, std::move(finished));
    if (m_setup.shows_output)
        log->set_listener([this, job, number](Stream stream, std::string_view clean) {
            m_setup.sink.output(job, number, stream, clean);
        });
    *key = log.get();
    CommandObserver& observer = *log;
    m_commands.emplace(&observer, std::move(log));
    m_setup.executor.start(std::move(spec), observer);
    return {};
}

void RunHost::ended(const std::string& job, int number, CommandResult result, const ShDone& done)
{
    m_setup.sink.command_ended(job, number, result);
    if (result.end == CommandResult::End::no_place)
        return done(fail(ErrorKind::system, "{}", result.reason));
    if (result.end == CommandResult::End::lost)
        return done(fail(ErrorKind::system, "the command was lost: {}", result.reason));
    done(ShResult{.exit = result.exit,
                  .out = std::move(result.out),
                  .err = std::move(result.err),
                  .truncated = result.out_truncated || result.err_truncated,
                  .timed_out = result.end == CommandResult::End::timed_out,
                  .duration = result.duration,
                  .killed = result.end == CommandResult::End::exited ? result.reason : ""});
}

void RunHost::take_over(const std::string& job)
{
    if (m_setup.handoff.earlier.empty())
        return;
    auto earlier = sys::open_directory(AT_FDCWD, m_setup.handoff.earlier);
    auto taken = earlier ? m_files.take_over(job, earlier->get()) : Unexpected(std::move(earlier).error());
    if (!taken)
        log(job, fmt::format("quire: its artifacts are not taken over: {}", taken.error().message));
}

LogWriter* RunHost::job_log(const std::string& job)
{
    auto found = m_job_logs.find(job);
    if (found == m_job_logs.end()) {
        auto writer = open_log(job, 0);
        if (!writer)
            return nullptr; // the event has the text
        found = m_job_logs.emplace(job, *std::move(writer)).first;
    }
    return &found->second;
}

void RunHost::end_job(const std::string& job, std::function<void()> done)
{
    m_setup.executor.end_job(job, std::move(done));
}

Result<std::string> RunHost::secret(const std::string& job, const std::string& name)
{
    auto found = m_setup.handoff.secrets.find(name);
    if (found != m_setup.handoff.secrets.end()) {
        if (!found->second)
            return fail(ErrorKind::invalid, "secret '{}': {}", name, found->second.error().message);
        if (m_unmasked.erase(name) > 0)
            tell_unmasked(job, fmt::format("secret '{}'", name));
        return *found->second;
    }
    std::vector<std::string> names;
    for (const auto& [known, value] : m_setup.handoff.secrets)
        names.push_back(known);
    if (names.empty())
        return fail(ErrorKind::not_found, "secret '{}' is not declared; a run without a dispatch file has no secrets",
                    name);
    auto close = nearest(name, names);
    return fail(ErrorKind::not_found, "secret '{}' is not declared in the operator's config{}", name,
                close ? fmt::format("; did you mean '{}'?", *close) : "");
}

void RunHost::tell_unmasked(const std::string& job, const std::string& what)
{
    log(job, fmt::format("quire: {} is shorter than {} bytes: it is not masked, here or anywhere", what,
                         shortest_masked_secret));
}

void RunHost::mask(const std::string& job, std::string_view value)
{
    if (m_redactor.add(value) == Masking::too_short)
        tell_unmasked(job, "what (mask …) was given");
}

void RunHost::log(const std::string& job, std::string_view text)
{
    std::string clean = m_redactor.redact(text);
    m_setup.sink.said(job, clean);
    if (LogWriter* writer = m_setup.out >= 0 ? job_log(job) : nullptr) {
        writer->write(Stream::out, clean + "\n", now());
        writer->flush();
    }
}

std::optional<std::string> RunHost::variable(const std::string& name)
{
    return sys::get_variable(m_setup.environment, name);
}

Result<text::Data> RunHost::keep_artifacts(const std::string& job, const std::string& glob)
{
    return m_files.keep_artifacts(job, glob);
}

} // namespace quire::ci
