#include "ci/run/run.h"

#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <thread>

#include "ci/run/approvals.h"
#include "ci/run/events.h"
#include "ci/run/own_run.h"
#include "ci/run/reporter.h"
#include "ci/run/run_executors.h"
#include "ci/run/scheduler.h"
#include "store/root.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "sys/signals.h"
#include "text/fnl.h"

namespace quire::ci {

using text::Data;

static Result<std::unique_ptr<Program>> load_program(const RunOptions& options, Result<SourceTree> tree)
{
    auto program = TRY(Program::load(TRY(std::move(tree)), options.program));
    static_cast<void>(sys::write_all(2, program->printed()).has_value());
    for (const Diagnostic& diagnostic : program->diagnostics())
        TRY(sys::write_all(2, format_diagnostic(diagnostic)));
    return program;
}

/// `aftermath` is of the places where jobs ran, for the runner: may it use the workspace's files again?
static void end_run(EventLog& events, std::string_view state, std::string_view reason,
                    Aftermath aftermath = Aftermath::unsure)
{
    Data fields{Data::Table{}};
    fields.set("state", state);
    fields.set("reason", reason);
    if (aftermath != Aftermath::unsure)
        fields.set("aftermath", aftermath == Aftermath::sealed ? "sealed" : "over");
    events.write_durable("run-ended", std::move(fields));
}

/// What kept a run from its first job. If the repository could have avoided it, the run has failed; otherwise the
/// machine has.
static Error not_begun(EventLog& events, Error error)
{
    bool its_own = error.kind == ErrorKind::refused || error.kind == ErrorKind::invalid;
    end_run(events, its_own ? "failed" : "errored", error.message);
    return error;
}

/// Refuses ids that hold secrets, because events, paths and pages can't mask them.
static Result<void> check_ids(const Pipeline& pipeline, const Redactor& redactor)
{
    for (const Job& job : pipeline.jobs)
        if (redactor.redact(job.id) != job.id)
            return fail(ErrorKind::refused, "{}: the id of this job has the value of a secret in it; call it otherwise",
                        to_string(job.place));
    return {};
}

/// The reason that the runner wrote into the run's directory before it ended the run early.
static std::string reason_of_stop(const RunOptions& options, int out)
{
    if (options.dispatch.empty() || out < 0)
        return "canceled"; // by who started it
    constexpr const char* unsaid = "ended by a signal that quire did not send";
    auto content = sys::read_file(out, store::paths::run_stop, text::max_fnl_bytes);
    auto stop = content ? text::read_fnl(*content, store::paths::run_stop) : Data();
    return stop ? stop->string_or("reason", unsaid) : unsaid;
}

/// Its lock is what tells the runner that a run which it did not start itself is alive. Whoever asks whether it is held
/// holds it for an instant.
static Result<sys::FileLock> take_run_lock(const std::string& out_directory)
{
    std::string path = fmt::format("{}/{}", out_directory, store::paths::run_lock);
    sys::Loop waiting;
    for (int tries = 0; tries < 20; tries++) {
        if (auto lock = TRY(sys::FileLock::try_acquire(AT_FDCWD, path)))
            return std::move(*lock);
        TRY(waiting.turn(nanoseconds_per_second / 20));
    }
    return fail(ErrorKind::busy, "{}: another quire-ci works on this run", path);
}

/// Starts nothing, because no job belongs to the event.
static Result<int> skip_run(EventLog& events, const std::string& source)
{
    end_run(events, "skipped", fmt::format("no job follows from {}", source));
    if (events.error())
        return Unexpected(*events.error());
    TRY(sys::write_all(2, fmt::format("quire-ci: nothing ran: no job follows from {}\n", source)));
    return 0;
}

Result<int> run_pipeline(const RunOptions& options)
{
    int64_t begin = monotonic_now();
    bool is_own = options.dispatch.empty();
    UniqueFd checkout = TRY(sys::open_directory(AT_FDCWD, options.checkout));
    Handoff handoff;
    std::optional<sys::FileLock> run_lock; // taken before the hand-off: whoever finds neither knows that it is over
    if (options.is_away)
        run_lock = TRY(take_run_lock(options.out_directory));
    Result<SourceTree> tree = read_source_tree(checkout.get(), options.checkout);
    auto early = tree ? start_helper_early(options, *tree) : std::nullopt; // it may not know the hand-off's secrets
    if (!is_own) {
        handoff = TRY(take_handoff(options.dispatch));
        add_variables(handoff);
    }
    UniqueFd out;
    if (!options.out_directory.empty()) {
        TRY(sys::make_directories(AT_FDCWD, options.out_directory));
        out = TRY(is_own ? open_out_directory(options.out_directory)
                         : sys::open_directory(AT_FDCWD, options.out_directory));
    }
    std::string target = !options.events.empty() ? options.events
                         : out                   ? fmt::format("{}/{}", options.out_directory, store::paths::run_events)
                                                 : "null";
    EventLog events = TRY(EventLog::open(target));
    LogBudget budget = LogBudget::of_run(handoff.limits.log_bytes);
    auto loaded = load_program(options, std::move(tree));
    if (!loaded)
        return Unexpected(not_begun(events, std::move(loaded).error()));
    std::unique_ptr<Program> program = *std::move(loaded);
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
    sys::Signals signals = TRY(sys::Signals::take({SIGTERM, SIGINT}));
    OwnWorkspace workspace{.copy = nullptr, .path = options.checkout};
    if (is_own) {
        handoff = TRY(own_handoff(options, program->pipeline()));
        add_variables(handoff);
        TRY(check_jobs(program->pipeline(), handoff.source, options.job));
        TRY(check_approvals(program->pipeline(), {handoff.source, options.job}, options.approved));
        workspace = TRY(own_workspace(options));
        checkout = TRY(sys::open_directory(AT_FDCWD, workspace.path));
    } else if (!options.job.empty()) {
        TRY(check_jobs(program->pipeline(), handoff.source, options.job));
    } else if (jobs_to_run(program->pipeline(), {handoff.source, ""}).empty()) {
        return skip_run(events, handoff.source);
    }
    sys::Loop loop;
    auto prepared =
        prepare_executors(options, handoff, *program, workspace.path, checkout.get(), loop, std::move(early));
    if (!prepared) // what the pipeline asks for is missing
        return Unexpected(not_begun(events, std::move(prepared).error()));
    ExecutorPool& executors = *prepared->executors;
    Reporter reporter(events);
    reporter.progress().set_verbose(options.verbose);
    RunHost host({executors, reporter, checkout.get(), prepared->environment, handoff, loop, out.get(), &budget,
                  program->pipeline().jobs.size(), is_own});
    ImageLog image_log(host, reporter);
    executors.set_builder(image_log);
    reporter.set_redactor(host.redactor());
    if (auto checked = check_ids(program->pipeline(), host.redactor()); !checked)
        return Unexpected(not_begun(events, std::move(checked).error()));
    auto again = jobs_again(program->pipeline(), handoff.source, handoff.only, handoff.from);
    if (!again)
        return Unexpected(not_begun(events, std::move(again).error()));
    Runtime& runtime = program->runtime();
    runtime.attach(host);
    for (const auto& [source, facts] : handoff.facts)
        runtime.set_source(source, facts);

    size_t parallel = options.parallel;
    if (parallel == 0) // to count processors, a file is read
        parallel = program->pipeline().jobs.size() > 1 ? std::max(1u, std::thread::hardware_concurrency()) : 1;
    Scheduler scheduler(loop, *program, host, reporter,
                        {handoff.source, options.job, parallel, handoff.outputs, options.approved, *again});
    Approvals approvals(loop, scheduler, reporter, is_own ? -1 : out.get());
    auto watch = loop.watch(signals.fd(), sys::Interest::readable, [&] {
        while (signals.next())
            scheduler.cancel(reason_of_stop(options, out ? out.get() : -1));
    });
    sys::Loop::Id looking = 0;
    std::function<void()> look_for_stop = [&] {
        if (sys::exists(out.get(), store::paths::run_stop))
            scheduler.cancel(reason_of_stop(options, out.get()));
        else
            looking = loop.after(nanoseconds_per_second, look_for_stop);
    };
    if (options.is_away)
        look_for_stop();
    reporter.run_started(scheduler.reports(), executors);
    bool done = false, closed = false;
    sys::Loop::Id ticking = 0;
    std::function<void()> tick = [&] {
        reporter.progress().tick();
        ticking = loop.after(nanoseconds_per_second / 8, tick);
    };
    if (reporter.progress().is_live())
        tick();
    scheduler.start([&] { done = true; });
    TRY(loop.run_until([&] { return done; }));
    executors.close([&] { closed = true; });
    TRY(loop.run_until([&] { return closed; }));
    loop.cancel(watch);
    loop.cancel(ticking);
    loop.cancel(looking);

    std::string failure = host.redactor().redact(scheduler.failure());
    end_run(events,
            failure.empty()           ? "succeeded"
            : scheduler.is_canceled() ? "canceled"
                                      : "failed",
            failure.empty() ? "all jobs ended well" : failure, executors.aftermath());
    reporter.progress().run_ended(scheduler.reports(), failure, monotonic_now() - begin);
    if (is_own)
        reporter.progress().not_fired(handoff.source, unfired_jobs(program->pipeline(), handoff.source));
    if (events.error())
        return Unexpected(*events.error());
    return failure.empty() ? 0 : 1;
}

} // namespace quire::ci
