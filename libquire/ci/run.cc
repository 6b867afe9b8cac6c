#include "ci/run.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <thread>

#include "ci/events.h"
#include "ci/graph.h"
#include "ci/reporter.h"
#include "ci/run_host.h"
#include "ci/scheduler.h"
#include "base/strings.h"
#include "sys/file.h"
#include "sys/atomic_file.h"

namespace quire::ci {

using text::Data;

static Result<Launch> choose_launch(const RunOptions& options, const Program& program, const Place& place)
{
    const Pipeline& pipeline = program.pipeline();
    std::string wanted = options.executor;
    if (wanted == "auto")
        wanted = !pipeline.image.empty() || program.has_dockerfile() ? "container" : pipeline.sandbox ? "bwrap" : "host";
    for (const Job& job : pipeline.jobs)
        if (!job.image.empty() && job.image != pipeline.image)
            return fail(ErrorKind::refused, "{}: job '{}' wants an image of its own, which a run can't give it yet",
                        to_string(job.place), job.id);
    if (wanted == "host" && !pipeline.network)
        return fail(ErrorKind::refused, "the pipeline says (ci.network false), which the host executor can't do; use --executor bwrap");
    if (wanted == "host")
        return host_launch(place);
    if (wanted == "bwrap")
        return bwrap_launch(place);
    if (pipeline.image.empty())
        return fail(ErrorKind::refused, "{}",
                    program.has_dockerfile()
                        ? "images are not built from .quire/Dockerfile yet; name one with (ci.image …)"
                        : "the container executor needs an image: name one with (ci.image …), or add .quire/Dockerfile");
    return container_launch(place, {"", pipeline.image});
}

/// TERM and INT become readable here instead of ending us.
static Result<UniqueFd> catch_signals()
{
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    UniqueFd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd)
        return fail_errno("watch for signals");
    return fd;
}

static sys::Environment own_environment()
{
    sys::Environment environment;
    for (char** entry = environ; *entry; ++entry)
        environment.emplace_back(*entry);
    return environment;
}

static Result<std::unique_ptr<Program>> load_program(const RunOptions& options, int checkout)
{
    SourceTree tree = TRY(read_source_tree(checkout, options.checkout));
    auto program = TRY(Program::load(std::move(tree), options.program));
    static_cast<void>(sys::write_all(2, program->printed()).has_value());
    for (const Diagnostic& diagnostic : program->diagnostics())
        TRY(sys::write_all(2, format_diagnostic(diagnostic)));
    return program;
}

static Result<void> check_job(const Program& program, const std::string& job)
{
    if (job.empty() || program.pipeline().find(job))
        return {};
    std::vector<std::string> ids;
    for (const Job& known : program.pipeline().jobs)
        ids.push_back(known.id);
    auto close = nearest(job, ids);
    return fail(ErrorKind::usage, "--job: there is no job '{}'{}", job, close ? fmt::format("; did you mean '{}'?", *close) : "");
}

Result<int> run_pipeline(const RunOptions& options)
{
    int64_t begin = monotonic_now();
    UniqueFd checkout = TRY(sys::open_directory(AT_FDCWD, options.checkout));
    Dispatch dispatch;
    if (options.dispatch.empty())
        dispatch.facts.emplace(push_source, placeholder_push(options.checkout));
    else
        dispatch = TRY(take_dispatch(options.dispatch));
    UniqueFd out;
    if (!options.out_directory.empty()) {
        TRY(sys::make_directories(AT_FDCWD, options.out_directory));
        out = TRY(sys::open_directory(AT_FDCWD, options.out_directory));
    }
    std::string target = !options.events.empty() ? options.events : out ? options.out_directory + "/events.jsonl" : "null";
    EventLog events = TRY(EventLog::open(target));
    LogBudget budget;
    auto program = TRY(load_program(options, checkout.get()));
    if (!program->diagnostics().empty()) {
        Data fields{Data::Table{}};
        fields.set("state", "failed");
        const Diagnostic& first = program->diagnostics()[0];
        fields.set("reason", fmt::format("{}: {}", to_string(first.place), first.message));
        Data::Sequence all;
        for (const Diagnostic& diagnostic : program->diagnostics())
            all.push_back(to_data(diagnostic));
        fields.set("errors", std::move(all));
        events.write_durable("run-ended", std::move(fields));
        return 1;
    }
    TRY(check_job(*program, options.job));

    Place place{.run = sys::unique_name("run"), .workspace = TRY(sys::real_path(options.checkout))};
    // A person's own run has a person's environment; the runner's has what the dispatch says.
    place.environment = options.dispatch.empty() ? own_environment() : sys::base_environment();
    for (const auto& [name, value] : dispatch.environment)
        sys::set_variable(place.environment, name, value);
    if (!program->pipeline().network)
        place.network = Network::off;
    sys::Loop loop;
    UniqueFd signals = TRY(catch_signals());
    Executor executor(loop, TRY(choose_launch(options, *program, place)));
    Reporter reporter(events);
    RunHost host({executor, reporter, checkout.get(), place.environment, dispatch, loop, out.get(), &budget});
    reporter.set_redactor(host.redactor());
    Runtime& runtime = program->runtime();
    runtime.attach(host);
    for (const auto& [source, facts] : dispatch.facts)
        runtime.set_source(source, facts);

    size_t parallel = options.parallel > 0 ? options.parallel : std::max(1u, std::thread::hardware_concurrency());
    Scheduler scheduler(loop, *program, host, reporter, {dispatch.source, options.job, parallel});
    auto watch = loop.watch(signals.get(), sys::Interest::readable, [&] {
        static_cast<void>(sys::read_some(signals.get(), sizeof(signalfd_siginfo)).has_value());
        scheduler.cancel("canceled");
    });
    reporter.run_started(scheduler.reports());
    bool done = false, closed = false;
    scheduler.start([&] { done = true; });
    TRY(loop.run_until([&] { return done; }));
    executor.close([&] { closed = true; });
    TRY(loop.run_until([&] { return closed; }));
    loop.cancel(watch);

    std::string failure = host.redactor().redact(scheduler.failure());
    Data fields{Data::Table{}};
    fields.set("state", failure.empty() ? "succeeded" : failure == "canceled" ? "canceled" : "failed");
    fields.set("reason", failure.empty() ? "all jobs ended well" : failure);
    events.write_durable("run-ended", std::move(fields));
    reporter.progress().run_ended(scheduler.reports(), failure, monotonic_now() - begin);
    if (events.error())
        return Unexpected(*events.error());
    return failure.empty() ? 0 : 1;
}

} // namespace quire::ci
