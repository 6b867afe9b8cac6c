// The loop of the runner, and the work that it notices besides runs.
#include "runner/runner.h"

#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "forge/config.h"
#include "forge/stale_locks.h"
#include "push/hooks.h"
#include "store/earlier_checkout.h"
#include "store/mirror.h"
#include "store/notice.h"
#include "store/repositories.h"
#include "sys/file.h"
#include "sys/signals.h"
#include "sys/space.h"

namespace quire::runner {

namespace paths = store::paths;

/// The trash keeps things for weeks, so looking into it a few times a day is enough.
constexpr int64_t trash_every = 6 * 3600 * nanoseconds_per_second;
/// Runs come and go all the time; retention looks at them at most this often.
constexpr int64_t prune_every = 600 * nanoseconds_per_second;
constexpr int64_t checkouts_every = 600 * nanoseconds_per_second;
constexpr int64_t day = 24 * 3600 * nanoseconds_per_second;
/// Tasks wait until no run is active, but not longer than this.
constexpr int64_t patience = 60 * nanoseconds_per_second;

/// A run that starts has the machine to itself for a moment: a person may be waiting for it, but for no task. Where
/// one run starts after another, tasks are held up for no longer than the second time.
constexpr int64_t moment = nanoseconds_per_second / 10;
constexpr int64_t longest_hold = nanoseconds_per_second;

constexpr const char* sources_task = "sources";
constexpr const char* mail_task = "mail";
/// What a backup is told of late: settings, repositories that were made or renamed. Pushes and runs tell of themselves.
constexpr int64_t backup_every = 300 * nanoseconds_per_second;
constexpr int64_t backup_check_every = 24 * 3600 * nanoseconds_per_second;
/// A mirror that is in use is asked what it has, if nobody has asked for so long.
constexpr int64_t mirror_look_every = 6 * 3600 * nanoseconds_per_second;
constexpr int64_t mirrors_scan_every = 600 * nanoseconds_per_second;

Runner::Runner(store::Root root, std::string programs, sys::FileLock lock, sys::Watcher watcher)
    : m_root(std::move(root)), m_lock(std::move(lock)), m_watcher(std::move(watcher)),
      m_runs(m_root, m_loop, make_launcher(m_loop, programs), m_config, m_complaints,
             [this](size_t count) { runs_have_ended(count); }),
      m_tasks(m_root, m_loop, runner_kinds(), quire_attempt(m_root, programs), m_complaints,
              {.started =
                   [this](const store::Task& task) {
                       if (task.kind == sources_task && task.repo)
                           m_sources.refresh_begins(*task.repo);
                   },
               .ended =
                   [this](const store::Task& task, bool succeeded) {
                       if (task.kind == sources_task && task.repo)
                           m_sources.refresh_ended(*task.repo, succeeded);
                       m_woken = true;
                   }}),
      m_sources(m_root,
                [this](const store::RepoName& name) { return want_task({.kind = sources_task, .repo = name}); }),
      m_lost_runs(m_root)
{}

Result<std::unique_ptr<Runner>> Runner::create(store::Root root, std::string programs)
{
    TRY(root.prepare());
    // A runner that was just killed may have been starting a process, which holds its lock until it is started.
    auto lock = TRY(sys::FileLock::try_acquire(root.fd(), paths::runner_lock, nanoseconds_per_second));
    if (!lock)
        return fail(ErrorKind::busy, "another runner works on {}", root.path());
    forge::remove_leftovers_of_before(root);
    sys::Watcher watcher = TRY(sys::Watcher::create());
    for (const char* directory : {paths::queue_new, paths::queue_cancel, paths::queue_approve, paths::queue_intent,
                                  paths::queue_tasks, paths::queue_notices})
        TRY(watcher.watch_directory(root.absolute(directory)));
    return std::unique_ptr<Runner>(
        new Runner(std::move(root), std::move(programs), std::move(*lock), std::move(watcher)));
}

Result<void> Runner::run()
{
    log("works on {}", m_root.path());
    TRY(work([] { return false; }));
    log("ends");
    return {};
}

Result<void> Runner::run_once()
{
    int64_t since = monotonic_now();
    m_turn = nanoseconds_per_second / 20;
    return work([&, scanned = false]() mutable {
        // Scans once, then works until nothing that a scan has started is left.
        bool first = !std::exchange(scanned, true);
        bool idle = !m_runs.is_busy() && !m_tasks.is_working() && !m_tasks.is_due();
        return !first && idle && monotonic_now() > since;
    });
}

Result<void> Runner::work(const std::function<bool()>& over)
{
    sys::Signals signals = TRY(sys::Signals::take({SIGTERM, SIGINT}));
    bool told_to_end = false;
    m_woken = true;
    m_loop.watch(signals.fd(), sys::Interest::readable, [&] {
        while (auto signal = signals.next())
            told_to_end = true;
    });
    m_loop.watch(m_watcher.fd(), sys::Interest::readable, [&] {
        m_watcher.drain();
        m_woken = true;
    });
    int64_t scanned_at = 0;
    while (!told_to_end && !over()) {
        Instant due = m_sources.next_due();
        if (m_woken || monotonic_now() - scanned_at >= scan_every || (due != 0 && due <= now())) {
            m_woken = false;
            scan();
            scanned_at = monotonic_now();
            due = m_sources.next_due();
        }
        TRY(m_loop.turn(due == 0 ? m_turn : std::clamp<int64_t>(due - now(), 0, m_turn)));
    }
    return {};
}

void Runner::scan()
{
    m_complaints.attempt(take_up_config());
    m_complaints.attempt([&]() -> Result<void> {
        for (const std::string& why : TRY(push::reconcile(m_root)).unfinished)
            m_complaints.attempt(fail(ErrorKind::system, "{}", why));
        return {};
    }());
    m_complaints.attempt(m_lost_runs.scan());
    m_runs.scan();
    m_sources.scan(now());
    m_complaints.attempt(notice_mail());
    m_complaints.attempt(notice_backup());
    m_complaints.attempt(notice_mirrors());
    bool quiet = is_quiet();
    if (quiet)
        m_complaints.attempt(notice_housekeeping());
    scan_tasks(quiet);
}

void Runner::scan_tasks(bool quiet)
{
    bool is_starting = m_runs.is_starting(moment);
    if (is_starting && m_tasks_held_since == 0)
        m_tasks_held_since = monotonic_now();
    if (is_starting && monotonic_now() - m_tasks_held_since < longest_hold) {
        m_loop.cancel(m_tasks_timer);
        m_tasks_timer = m_loop.after(moment, [this] { m_woken = true; });
        return;
    }
    m_tasks_held_since = 0;
    m_tasks.scan(quiet);
}

Result<void> Runner::take_up_config()
{
    sys::Stamp stamp = sys::stamp_of_target(m_root.fd(), paths::config);
    if (m_config && stamp == m_config_stamp)
        return {};
    m_config_stamp = stamp;
    auto config = forge::read_global_config(m_root);
    if (!config) {
        // Runs must wait: with the old settings they might do what the operator no longer wants.
        m_config.reset();
        return with_context(std::move(config).error(), "no run is started until this is mended");
    }
    m_config = std::move(*config);
    return {};
}

void Runner::runs_have_ended(size_t count)
{
    m_prune_wanted = m_prune_wanted || count > 0;
    m_backup_wanted = m_backup_wanted || count > 0;
    m_woken = m_woken || !m_runs.is_busy(); // what waited for quiet
}

bool Runner::is_quiet()
{
    if (!m_runs.is_busy()) {
        m_busy_since = 0;
        return true;
    }
    if (m_busy_since == 0)
        m_busy_since = monotonic_now();
    if (monotonic_now() - m_busy_since < patience)
        return false;
    m_busy_since = monotonic_now();
    return true;
}

/// If the task is being worked on, either it has seen the present state or its end wakes us for another look. It is not
/// synced: work that a power cut loses is noticed again.
Result<void> Runner::want_task(store::Task task)
{
    if (m_tasks.is_working_on(task.id()))
        return {};
    return store::add_task(m_root, std::move(task), store::Durability::unsynced);
}

/// A new notice makes the mail task due at once, even if it is waiting after a failure.
Result<void> Runner::notice_mail()
{
    store::Task mail{.kind = mail_task};
    if (m_tasks.is_working_on(mail.id()) || !TRY(store::has_notices(m_root)))
        return {};
    auto waiting = store::read_task(m_root, store::TaskPlace::waiting, mail.id());
    if (!waiting)
        return want_task(std::move(mail));
    if (waiting->not_before == 0)
        return {};
    waiting->not_before = 0;
    return store::rewrite_task(m_root, *waiting);
}

Result<void> Runner::notice_backup()
{
    bool is_due = m_backup_wanted || monotonic_now() >= m_backup_due;
    if (!is_due || !sys::exists(m_root.fd(), paths::backup_settings))
        return {};
    m_backup_wanted = false;
    m_backup_due = monotonic_now() + backup_every;
    TRY(want_task({.kind = "backup"}));
    auto checked = TRY(sys::stat_at(m_root.fd(), paths::backup_checked));
    auto begun = TRY(sys::stat_at(m_root.fd(), paths::backup_settings));
    Instant last = checked ? sys::modified_at(*checked) : begun ? sys::modified_at(*begun) : now();
    return now() - last > backup_check_every ? want_task({.kind = "backup-check"}) : Result<void>();
}

Result<void> Runner::notice_mirrors()
{
    if (monotonic_now() < m_mirrors_due)
        return {};
    m_mirrors_due = monotonic_now() + mirrors_scan_every;
    for (const store::RepoName& name : TRY(store::list_repositories(m_root))) {
        auto repository = m_root.open_repository(name);
        if (!repository || !sys::exists(repository->get(), paths::mirrors))
            continue;
        std::vector<store::Mirror> mirrors = TRY(store::list_mirrors(repository->get()));
        bool is_due = std::any_of(mirrors.begin(), mirrors.end(), [](const store::Mirror& mirror) {
            Instant asked = mirror.status.checked_at;
            return asked != 0 && now() - asked > mirror_look_every;
        });
        if (is_due)
            TRY(want_task({.kind = "mirror-look", .repo = name}));
    }
    return {};
}

/// Kept checkouts save time and cost room. They go when they have waited for too long, or when room is short.
Result<void> Runner::drop_checkouts()
{
    if (!m_config || monotonic_now() < m_checkouts_due)
        return {};
    m_checkouts_due = monotonic_now() + checkouts_every;
    sys::Space space = TRY(sys::space_of(m_root.fd()));
    constexpr uint64_t least_bytes = uint64_t{2} << 30, least_files = 100'000;
    bool is_short = space.free_bytes < least_bytes || (space.total_files > 0 && space.free_files < least_files);
    bool none = is_short || m_config->keep_checkout.files == 0;
    return store::drop_old_checkouts(m_root, none ? 0 : m_config->keep_checkout.days * day);
}

Result<void> Runner::notice_housekeeping()
{
    TRY(drop_checkouts());
    bool is_trash = !TRY(sys::list_directory(m_root.fd(), paths::run_trash)).empty();
    if (is_trash || monotonic_now() >= m_trash_due) {
        m_trash_due = monotonic_now() + trash_every;
        TRY(want_task({.kind = "trash"}));
    }
    if (monotonic_now() >= m_search_due) {
        m_search_due = monotonic_now() + trash_every;
        // What was there before there were indexes, or whose index was deleted.
        for (const store::RepoName& name : TRY(store::list_repositories(m_root)))
            if (!sys::exists(m_root.fd(), paths::repository_search(name)))
                TRY(want_task({.kind = "search", .repo = name}));
    }
    if (m_prune_wanted && monotonic_now() >= m_prune_due) {
        m_prune_wanted = false;
        m_prune_due = monotonic_now() + prune_every;
        TRY(want_task({.kind = "prune"}));
    }
    return {};
}

} // namespace quire::runner
