#include "runner/active_run.h"

#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "runner/handoff.h"
#include "runner/workspace.h"
#include "store/approval.h"
#include "store/bisect_source.h"
#include "store/earlier_checkout.h"
#include "store/kept_workspace.h"
#include "store/notice.h"
#include "store/task.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::runner {

namespace paths = store::paths;
using store::RunState;

/// quire-ci waits ten seconds between TERM and KILL for what it started, so it needs a little longer itself.
constexpr int64_t grace = 15 * nanoseconds_per_second;

ActiveRun::ActiveRun(RunContext context, store::QueueItem item, store::RunRecord record, Done done)
    : m_context(std::move(context)), m_item(std::move(item)), m_record(std::move(record)), m_done(std::move(done))
{}

ActiveRun::~ActiveRun()
{
    for (sys::Loop::Id id : m_timers)
        m_context.loop.cancel(id);
}

void ActiveRun::begin(const store::GlobalConfig& config, Start start)
{
    m_config = config;
    m_start = start;
    auto prepared = prepare();
    if (!prepared)
        finish({RunState::errored, fmt::format("the run can't be prepared: {}", prepared.error().message)});
}

Result<void> ActiveRun::prepare()
{
    m_place = TRY(RunPlace::of(m_context.root, m_record, m_config.engine));
    m_preparation = TRY(Preparation::begin(m_context.root, m_context.loop, *m_place, m_context.known,
                                           {m_config.limits.prepare_timeout, files_to_keep()}, [this] { prepared(); }));
    return {};
}

/// From how many files on its checkout is left to the next run; 0: it is not. What works elsewhere writes through
/// another machine's kernel, whose dates say nothing here.
int64_t ActiveRun::files_to_keep() const
{
    bool is_here = m_config.launcher.prefix.empty() && !m_config.launcher.is_slurm;
    return is_here ? m_config.keep_checkout.files : 0;
}

/// Whether nothing can write into its workspace any more, and nothing could without leaving a date.
bool ActiveRun::may_leave_checkout() const
{
    if (files_to_keep() == 0 || m_remains == Remains::of_a_crash ||
        store::is_kept(m_context.root, m_record.repo, m_record.number))
        return false;
    bool has_begun = m_record.started_at != 0;
    return !has_begun || m_ending->aftermath == "sealed" ||
           (m_ending->aftermath == "over" && m_config.keep_checkout.on_host);
}

void ActiveRun::prepared()
{
    if (m_is_given_back)
        return return_to_queue();
    if (m_stop)
        return finish({m_stop->state, m_stop->reason, m_stop->superseded_by});
    if (auto outcome = m_preparation->outcome(); !outcome)
        return finish({RunState::errored, outcome.error().message});
    if (auto kept = keep_pipeline(m_place->directory.get()); !kept)
        return finish({RunState::errored, fmt::format("the run can't be prepared: {}", kept.error().message)});
    m_phase = Phase::ready;
    if (m_start == Start::when_prepared)
        try_launch();
}

void ActiveRun::go(const store::GlobalConfig& config)
{
    m_config = config;
    m_start = Start::when_prepared;
    if (m_phase == Phase::ready)
        try_launch();
}

void ActiveRun::give_back()
{
    if (std::exchange(m_is_given_back, true))
        return;
    if (m_phase == Phase::ready)
        return return_to_queue();
    m_preparation->stop();
}

void ActiveRun::return_to_queue()
{
    m_phase = Phase::over;
    m_preparation.reset();
    if (!remove_remains(m_context.root, m_record.repo, m_record.number, Remains::of_a_crash))
        log("{} #{}: its workspace can't be removed", m_record.repo.str(), m_record.number);
    if (auto given = store::give_back(m_context.root, m_item); !given)
        log("{}", given.error().message); // the next runner will do it
    report_over();
}

void ActiveRun::try_launch()
{
    auto launched = launch();
    if (!launched)
        finish({RunState::errored, fmt::format("the run can't be started: {}", launched.error().message)});
}

Result<void> ActiveRun::launch()
{
    int run = m_place->directory.get();
    std::string changes = TRY(m_preparation->take_changes());
    ci::Handoff handoff = TRY(make_handoff(m_context.root, m_config, m_record, parse_changes(changes)));
    TRY(ci::write_handoff(run, paths::run_dispatch, handoff));
    UniqueFd log = TRY(sys::open_at(run, paths::run_log, O_WRONLY | O_CREAT | O_APPEND, 0644));

    // From here on the run has begun: whatever happens to us, it is never begun again.
    m_record.state = RunState::active;
    m_record.started_at = now();
    TRY(store::write_run_record(m_context.root, m_record));
    m_phase = Phase::running;
    m_launched = TRY(m_context.launcher.start(*m_place, order(log.get()), m_preparation->take_lock()));
    m_timeout = m_config.limits.run_timeout;
    watch();
    return {};
}

LaunchOrder ActiveRun::order(int log) const
{
    const std::string& run = m_place->path;
    LaunchOrder order{.arguments = {"run", "--executor", m_config.executor, "--dispatch",
                                    fmt::format("{}/{}", run, paths::run_dispatch), "--out-dir", run, "--cache-dir",
                                    m_context.root.absolute(paths::compiled)},
                      .environment = quire_ci_environment(),
                      .log = log,
                      .launcher = m_config.launcher};
    if (files_to_keep() > 0)
        order.arguments.emplace_back("--seal");
    if (m_config.max_parallel_jobs > 0)
        order.arguments.insert(order.arguments.end(), {"--parallel", std::to_string(m_config.max_parallel_jobs)});
    order.arguments.push_back(fmt::format("{}/{}", run, paths::run_workspace));
    return order;
}

void ActiveRun::watch()
{
    m_preparation.reset();
    m_launched->watch([this](std::optional<int> exit) { conclude(exit); });
    if (m_timeout > 0)
        arm_timeout(m_record.started_at + m_timeout - now());
}

void ActiveRun::adopt(const std::optional<store::GlobalConfig>& config)
{
    if (config)
        m_config = *config;
    m_phase = Phase::running;
    m_remains = Remains::of_a_crash; // the earlier runner may have died while writing the record
    m_timeout = config ? config->limits.run_timeout : 0;
    auto adopted = [&]() -> Result<void> {
        m_place = TRY(RunPlace::of(m_context.root, m_record, m_config.engine));
        m_launched = TRY(m_context.launcher.adopt(*m_place));
        return {};
    }();
    if (!adopted)
        return finish({RunState::errored, fmt::format("the run can't be found again: {}", adopted.error().message)});
    watch();
}

void ActiveRun::arm_timeout(int64_t left)
{
    m_timers.push_back(m_context.loop.after(std::max<int64_t>(left, 0), [this] { is_late(); }));
}

/// The time for which it only waited for approval does not count.
void ActiveRun::is_late()
{
    if (m_phase != Phase::running)
        return;
    Instant at = now();
    int64_t waited = store::time_waited(m_place->directory.get(), at).value_or(0);
    if (int64_t left = m_record.started_at + m_timeout + waited - at; waited > 0 && left > 0)
        return arm_timeout(std::max<int64_t>(left, nanoseconds_per_second));
    stop({RunState::timed_out, fmt::format("it took longer than {}", show_duration(m_timeout))});
}

bool ActiveRun::is_idle() const
{
    return m_phase == Phase::running && !m_stop && !m_has_ended &&
           store::undecided(store::read_waits(m_place->directory.get()), m_record).is_idle;
}

Result<bool> ActiveRun::decide(const store::Approval& approval)
{
    if (m_phase != Phase::running || m_stop || m_has_ended)
        return false;
    store::Waits waits = store::undecided(store::read_waits(m_place->directory.get()), m_record);
    if (std::none_of(waits.jobs.begin(), waits.jobs.end(),
                     [&](const store::WaitingJob& waiting) { return waiting.job == approval.job; }))
        return false;
    store::RunRecord record = m_record;
    record.approvals.push_back(approval);
    TRY(store::write_run_record(m_context.root, record));
    m_record = std::move(record);
    return true;
}

void ActiveRun::stop(Stop stop)
{
    if (m_stop || m_is_given_back || (!is_unstarted() && m_phase != Phase::running))
        return;
    m_stop = std::move(stop);
    if (m_phase == Phase::preparing)
        return m_preparation->stop();
    if (m_phase == Phase::ready)
        return finish({m_stop->state, m_stop->reason, m_stop->superseded_by});
    // Without the file, quire-ci can only say that the run was canceled.
    (void)write_stop(m_place->directory.get(), *m_stop);
    m_launched->signal(SIGTERM);
    m_timers.push_back(m_context.loop.after(grace, [this] {
        if (m_phase == Phase::running)
            m_launched->signal(SIGKILL);
    }));
}

void ActiveRun::conclude(std::optional<int> exit)
{
    if (!m_stop) // an earlier runner may have written one
        m_stop = read_stop(m_place->directory.get());
    Ending ending = judge_run(m_place->directory.get(), m_stop, exit);
    if (ending.is_clean) {
        // The end is durable, in the events. Writing the record waits for the disk twice, and nobody else needs to.
        m_has_ended = true;
        m_ended_at = now();
        m_context.place_is_free();
        return finish(std::move(ending));
    }
    m_remains = Remains::of_a_crash;
    // Nobody has ended what the run started. It is ended now; the run ends after that.
    m_phase = Phase::ending;
    m_ending = std::move(ending);
    auto reaping = m_launched->reap([this](int status) {
        if (status != 0)
            log("{} #{}: what it left running may live on, clearing it away ended with {}", m_record.repo.str(),
                m_record.number, status);
        finish(*m_ending);
    });
    if (reaping)
        return;
    log("{} #{}: what it left running can't be ended: {}", m_record.repo.str(), m_record.number,
        reaping.error().message);
    finish(*m_ending);
}

void ActiveRun::finish(Ending ending)
{
    m_ending = std::move(ending);
    conclude_record(true);
}

void ActiveRun::retry()
{
    // While what the run left is being ended, there is nothing to retry.
    if (m_phase == Phase::unrecorded)
        conclude_record(false);
}

void ActiveRun::conclude_record(bool first)
{
    m_phase = Phase::unrecorded;
    auto recorded = record_end();
    if (!recorded) {
        m_has_ended = false; // nothing else starts where nothing can be written
        if (first)
            log("{} #{} ended as {}, which can't be recorded yet: {}", m_record.repo.str(), m_record.number,
                store::to_string(m_ending->state), recorded.error().message);
        return report_over();
    }
    m_phase = Phase::over;
    clean_up();
    report_over();
}

Result<void> ActiveRun::record_end()
{
    store::RunRecord record = m_record;
    record.state = m_ending->state;
    record.reason = m_ending->reason;
    record.superseded_by = m_ending->superseded_by;
    record.ended_at = m_ended_at != 0 ? m_ended_at : now();
    TRY(store::write_run_record(m_context.root, record));
    m_record = std::move(record);
    return {};
}

/// Leaves what `quire shell` needs beside the workspace: what the run was given, but for its secrets, and what the
/// runner's environment says of engines.
Result<void> ActiveRun::keep_for_shell() const
{
    bool has_failed = m_record.state == RunState::failed || m_record.state == RunState::errored ||
                      m_record.state == RunState::timed_out;
    if (!has_failed || m_config.keep_failed <= 0 || !m_place ||
        !sys::exists(m_place->directory.get(), paths::run_workspace))
        return {};
    ci::Handoff handoff = TRY(make_handoff(m_context.root, m_config, m_record, {}));
    handoff.secrets.clear();
    handoff.run = sys::unique_name("shell"); // nothing that ends what is left of the run ends the shell
    text::Data shell{text::Data::Table{}}, environment{text::Data::Table{}};
    shell.set("handoff", to_data(handoff));
    shell.set("executor", m_config.executor);
    for (const std::string& variable : quire_ci_environment())
        environment.set(variable.substr(0, variable.find('=')), variable.substr(variable.find('=') + 1));
    shell.set("environment", std::move(environment));
    return store::keep_workspace(m_context.root, m_record.repo, m_record.number, shell);
}

void ActiveRun::clean_up()
{
    m_preparation.reset(); // releases the lock too
    if (auto kept = keep_for_shell(); !kept)
        log("{} #{}: its workspace is not kept: {}", m_record.repo.str(), m_record.number, kept.error().message);
    // If one of them fails, the entry stays, and the next scan tries again.
    for (const auto& done :
         {want_signature(m_context.root, m_record), tell_end(m_context.root, m_record, m_context.config)})
        if (!done)
            return log("{}", done.error().message);
    if (may_leave_checkout())
        if (auto left = store::leave_checkout(m_context.root, m_record.repo, m_record.number); !left)
            log("{} #{}: its checkout is not left to the next run: {}", m_record.repo.str(), m_record.number,
                left.error().message);
    if (!remove_remains(m_context.root, m_record.repo, m_record.number, m_remains))
        return;
    auto dropped = store::drop_entry(m_context.root, m_item);
    if (!dropped)
        log("{}", dropped.error().message);
}

void ActiveRun::report_over()
{
    // Calls back in a turn of its own, because the owner may destroy us.
    m_timers.push_back(m_context.loop.after(0, [done = m_done] { done(); }));
}

Result<void> tell_end(const store::Root& root, const store::RunRecord& record,
                      const std::optional<store::GlobalConfig>& config)
{
    bool is_told = record.state == RunState::succeeded || record.state == RunState::failed ||
                   record.state == RunState::errored || record.state == RunState::timed_out;
    if (!is_told || store::is_of_bisection(record) || (config && !config->smtp.can_send()))
        return {};
    return store::add_notice(
        root,
        {.event = "run-ended", .repo = record.repo, .subject = std::to_string(record.number), .at = record.ended_at});
}

Result<void> want_signature(const store::Root& root, const store::RunRecord& record)
{
    std::string run = paths::run(record.repo, record.number);
    if (!sys::exists(root.fd(), fmt::format("{}/{}", run, paths::run_artifacts)) ||
        sys::exists(root.fd(), fmt::format("{}/{}", run, paths::run_provenance)))
        return {};
    return store::add_task(root, {.kind = "sign", .repo = record.repo, .subject = std::to_string(record.number)});
}

bool remove_remains(const store::Root& root, const store::RepoName& repo, uint64_t number, Remains remains)
{
    std::string run = paths::run(repo, number);
    if (remains == Remains::of_a_crash) {
        sys::sweep_temporaries(root.fd(), run);
        auto jobs = sys::list_directory(root.fd(), run + "/" + paths::run_jobs);
        for (const std::string& job : std::move(jobs).value_or({}))
            sys::sweep_temporaries(root.fd(), fmt::format("{}/{}/{}", run, paths::run_jobs, job));
    }
    std::string handoff = fmt::format("{}/{}", run, paths::run_dispatch);
    (void)sys::unlink_at(root.fd(), handoff);
    for (const char* name : {paths::run_stop, paths::run_launch, paths::run_waits})
        (void)sys::unlink_at(root.fd(), fmt::format("{}/{}", run, name));
    std::string workspace = fmt::format("{}/{}", run, paths::run_workspace);
    bool is_kept = store::is_kept(root, repo, number);
    for (const char* name : {paths::checkout, paths::run_earlier_checkout})
        if (auto dropped = store::drop_checkout(root, root.fd(), fmt::format("{}/{}", run, name)); !dropped)
            log("{}: {}", run, dropped.error().message);
    if (!is_kept && sys::exists(root.fd(), workspace)) {
        std::string name = fmt::format("{}/{}", paths::run_trash, sys::unique_name("workspace"));
        auto moved = sys::rename_noreplace(root.fd(), workspace, root.fd(), name);
        if (!moved)
            log("{}: {}", run, moved.error().message);
    }
    return (is_kept || !sys::exists(root.fd(), workspace)) && !sys::exists(root.fd(), handoff);
}

} // namespace quire::runner
