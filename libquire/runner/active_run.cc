#include "runner/active_run.h"

#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "ci/executors/survivors.h"
#include "runner/handoff.h"
#include "runner/marker.h"
#include "runner/workspace.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/process_tree.h"

namespace quire::runner {

namespace paths = store::paths;
using store::RunState;

/// quire-ci gives what it started ten seconds between TERM and KILL; it needs a little longer itself.
constexpr int64_t grace = 15 * nanoseconds_per_second;
/// How often an adopted run, which is nobody's child, is looked at.
constexpr int64_t poll_every = nanoseconds_per_second / 4;

ActiveRun::ActiveRun(RunContext context, store::QueueItem item, store::RunRecord record, Done done)
    : m_context(std::move(context)), m_item(std::move(item)), m_record(std::move(record)), m_done(std::move(done))
{}

ActiveRun::~ActiveRun()
{
    for (sys::Loop::Id id : m_watches)
        m_context.loop.cancel(id);
    // What was only being prepared begins anew under the next runner; quire-ci goes on without us.
    for (auto* process : {&m_checkout, &m_asking})
        if (*process)
            (void)(*process)->signal(SIGKILL);
}

std::string ActiveRun::run_path() const { return m_context.root.absolute(paths::run(m_record.repo, m_record.number)); }

void ActiveRun::begin(const store::GlobalConfig& config)
{
    m_config = config;
    auto prepared = prepare();
    if (!prepared)
        finish({RunState::errored, fmt::format("the run can't be prepared: {}", prepared.error().message)});
}

Result<void> ActiveRun::prepare()
{
    const store::Root& root = m_context.root;
    m_marker = TRY(marker_of(root, m_record.repo, m_record.number));
    m_run = TRY(sys::open_directory(root.fd(), paths::run(m_record.repo, m_record.number)));
    m_lock = TRY(sys::FileLock::try_acquire(m_run.get(), paths::run_lock));
    if (!m_lock)
        return fail(ErrorKind::busy, "somebody holds the run's lock");
    // Left by an attempt that was cut off before it started anything.
    for (const char* name : {paths::run_dispatch, paths::run_events, paths::run_log})
        if (sys::exists(m_run.get(), name))
            TRY(sys::unlink_at(m_run.get(), name));
    UniqueFd repository = TRY(root.open_repository(m_record.repo));
    TRY(prepare_workspace(root, m_run.get(), repository.get(), m_record));
    UniqueFd log = TRY(sys::open_at(m_run.get(), paths::run_log, O_WRONLY | O_CREAT | O_APPEND, 0644));
    m_changes = TRY(sys::memory_file({}));
    sys::Command checkout = TRY(checkout_command(run_path() + "/" + paths::run_workspace, m_record.sha, log.get()));
    // A runner that dies must not find the workspace free while git still writes into it.
    checkout.inherit = {m_lock->fd()};
    m_checkout = TRY(sys::spawn(checkout));
    m_asking = TRY(ask_changes(m_record, repository.get(), m_changes.get()));
    watch(m_checkout, &ActiveRun::checked_out);
    watch(m_asking, &ActiveRun::changes_known);
    return {};
}

void ActiveRun::watch(std::optional<sys::Process>& process, void (ActiveRun::*then)(int))
{
    auto id = std::make_shared<sys::Loop::Id>();
    *id = m_context.loop.watch(process->pidfd(), sys::Interest::readable, [this, &process, then, id] {
        auto status = process->poll();
        if (status && !*status)
            return;
        m_context.loop.cancel(*id);
        process.reset();
        (this->*then)(status ? **status : 128 + SIGKILL);
    });
    m_watches.push_back(*id);
}

void ActiveRun::checked_out(int status)
{
    m_checkout_status = status;
    prepared();
}

void ActiveRun::changes_known(int) { prepared(); }

void ActiveRun::prepared()
{
    if (m_checkout || m_asking || m_phase != Phase::preparing)
        return;
    if (m_stop)
        return finish({m_stop->state, m_stop->reason, m_stop->superseded_by});
    if (m_checkout_status != 0) {
        Ending why = judge_run(m_run.get(), std::nullopt, m_checkout_status);
        std::string_view words = why.reason;
        size_t colon = words.find(": ");
        return finish({RunState::errored, fmt::format("git can't check out {}{}", m_record.sha.substr(0, 12),
                                                      colon == std::string_view::npos ? "" : words.substr(colon))});
    }
    auto launched = launch();
    if (!launched)
        finish({RunState::errored, fmt::format("the run can't be started: {}", launched.error().message)});
}

Result<std::string> ActiveRun::read_changes()
{
    // As much as there is: a buffer of what there might be costs more than the rest of the start.
    struct stat status{};
    if (::fstat(m_changes.get(), &status) < 0)
        return fail_errno("stat what changed");
    constexpr int64_t most = 64 << 20;
    auto changes = sys::read_at(m_changes.get(), 0, static_cast<size_t>(std::min<int64_t>(status.st_size, most)));
    m_changes.reset();
    return changes;
}

Result<void> ActiveRun::launch()
{
    TRY(keep_pipeline(m_run.get()));
    std::string changes = TRY(read_changes());
    ci::Handoff handoff = TRY(make_handoff(m_context.root, m_config, m_record, parse_changes(changes)));
    TRY(ci::write_handoff(m_run.get(), paths::run_dispatch, handoff));
    UniqueFd log = TRY(sys::open_at(m_run.get(), paths::run_log, O_WRONLY | O_CREAT | O_APPEND, 0644));

    std::string run = run_path();
    sys::Command command{.argv = {m_context.programs + "/quire-ci", "run", "--executor", m_config.executor,
                                  "--dispatch", fmt::format("{}/{}", run, paths::run_dispatch), "--out-dir", run,
                                  "--cache-dir", m_context.root.absolute(paths::compiled)},
                         .output = log.get(),
                         .error = log.get(),
                         .inherit = {m_lock->fd()},
                         .new_session = true};
    if (m_config.max_parallel_jobs > 0)
        command.argv.insert(command.argv.end(), {"--parallel", std::to_string(m_config.max_parallel_jobs)});
    command.argv.push_back(fmt::format("{}/{}", run, paths::run_workspace));
    sys::set_variable(command.environment, leader_variable, m_marker);
    if (auto path = sys::process_variable("PATH"))
        sys::set_variable(command.environment, "PATH", *path);

    // From here on the run has begun, whatever becomes of us: it is never begun a second time.
    m_record.state = RunState::active;
    m_record.started_at = now();
    TRY(store::write_run_record(m_context.root, m_record));
    m_phase = Phase::running;
    m_ci = TRY(sys::spawn(command));
    m_lock.reset(); // quire-ci has it
    watch(m_ci, &ActiveRun::ended);
    m_timeout = m_config.limits.run_timeout;
    arm_timeout();
    if (m_stop)
        signal_run(SIGTERM);
    return {};
}

void ActiveRun::adopt(int64_t timeout)
{
    m_phase = Phase::running;
    m_remains = Remains::of_a_crash; // whoever started it may have died over its record
    m_timeout = timeout;
    auto marker = marker_of(m_context.root, m_record.repo, m_record.number);
    auto run = sys::open_directory(m_context.root.fd(), paths::run(m_record.repo, m_record.number));
    if (!marker || !run)
        return finish({RunState::errored, fmt::format("the run's directory can't be opened: {}",
                                                      (marker ? run.error() : marker.error()).message)});
    m_marker = *marker;
    m_run = std::move(*run);
    arm_timeout();
    poll_lock();
}

void ActiveRun::poll_lock()
{
    if (m_phase != Phase::running)
        return;
    auto held = sys::is_locked(m_run.get(), paths::run_lock);
    if (held && !*held)
        return conclude(std::nullopt);
    m_watches.push_back(m_context.loop.after(poll_every, [this] { poll_lock(); }));
}

void ActiveRun::arm_timeout()
{
    if (m_timeout <= 0)
        return;
    int64_t left = std::max<int64_t>(m_record.started_at + m_timeout - now(), 0);
    m_watches.push_back(m_context.loop.after(left, [this] {
        stop({RunState::timed_out, fmt::format("it took longer than {}", show_duration(m_timeout))});
    }));
}

void ActiveRun::stop(Stop stop)
{
    if (m_stop || m_phase == Phase::ending || m_phase == Phase::unrecorded || m_phase == Phase::over)
        return;
    m_stop = std::move(stop);
    if (m_phase == Phase::preparing) {
        if (m_checkout)
            (void)m_checkout->signal(SIGTERM);
        return;
    }
    signal_run(SIGTERM);
    m_watches.push_back(m_context.loop.after(grace, [this] {
        if (m_phase == Phase::running)
            signal_run(SIGKILL);
    }));
}

void ActiveRun::signal_run(int number)
{
    if (m_ci) {
        (void)m_ci->signal(number);
        return;
    }
    for (const sys::ProcessEntry& entry : sys::processes_with_variable(fmt::format("{}={}", leader_variable, m_marker)))
        sys::signal_entry(entry, number);
}

void ActiveRun::ended(int status) { conclude(status); }

void ActiveRun::conclude(std::optional<int> exit)
{
    if (m_phase != Phase::running)
        return;
    Ending ending = judge_run(m_run.get(), m_stop, exit);
    if (ending.is_clean)
        return finish(std::move(ending));
    m_remains = Remains::of_a_crash;
    // Nobody ended what the run had started; quire-ci's other half does it now, and the run has not ended before.
    m_phase = Phase::ending;
    m_ending = std::move(ending);
    auto reaper = sys::spawn({.argv = {m_context.programs + "/quire-ci", "reap", m_marker}});
    if (!reaper) {
        log("{} #{}: what it left running can't be ended: {}", m_record.repo.str(), m_record.number,
            reaper.error().message);
        return finish(*m_ending);
    }
    m_reaper = std::move(*reaper);
    watch(m_reaper, &ActiveRun::reaped);
}

void ActiveRun::reaped(int status)
{
    if (status != 0)
        log("{} #{}: what it left running may live on, quire-ci reap ended with {}", m_record.repo.str(),
            m_record.number, status);
    finish(*m_ending);
}

void ActiveRun::finish(Ending ending)
{
    m_ending = std::move(ending);
    conclude_record(true);
}

void ActiveRun::retry()
{
    // Not while what the run left is still being ended: it has not ended before.
    if (m_phase == Phase::unrecorded)
        conclude_record(false);
}

void ActiveRun::conclude_record(bool first)
{
    m_phase = Phase::unrecorded;
    auto recorded = record_end();
    if (!recorded) {
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
    record.ended_at = now();
    TRY(store::write_run_record(m_context.root, record));
    m_record = std::move(record);
    return {};
}

void ActiveRun::clean_up()
{
    m_lock.reset();
    if (!remove_remains(m_context.root, m_record.repo, m_record.number, m_remains))
        return;
    auto dropped = store::drop_entry(m_context.root, m_item);
    if (!dropped)
        log("{}", dropped.error().message);
}

void ActiveRun::report_over()
{
    // In a turn of its own: whoever owns us may destroy us.
    m_watches.push_back(m_context.loop.after(0, [done = m_done] { done(); }));
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
    std::string workspace = fmt::format("{}/{}", run, paths::run_workspace);
    if (sys::exists(root.fd(), workspace)) {
        std::string name = fmt::format("{}/{}", paths::run_trash, sys::unique_name("workspace"));
        auto moved = sys::rename_noreplace(root.fd(), workspace, root.fd(), name);
        if (!moved)
            log("{}: {}", run, moved.error().message);
    }
    return !sys::exists(root.fd(), workspace) && !sys::exists(root.fd(), handoff);
}

} // namespace quire::runner
