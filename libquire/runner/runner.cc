// The loop, and what it does beside runs: pushes that were cut off, housekeeping.
#include "runner/runner.h"

#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "forge/config.h"
#include "push/hooks.h"
#include "sys/file.h"
#include "sys/signals.h"

namespace quire::runner {

namespace paths = store::paths;

/// The trash keeps things for weeks; to look into it some times a day is enough.
constexpr int64_t trash_every = 6 * 3600 * nanoseconds_per_second;
/// Runs come and go all the time; retention looks at them this often at most.
constexpr int64_t prune_every = 600 * nanoseconds_per_second;
/// Housekeeping waits for quiet, but not for longer.
constexpr int64_t patience = 60 * nanoseconds_per_second;

Result<std::unique_ptr<Runner>> Runner::create(store::Root root, std::string programs)
{
    TRY(root.prepare());
    auto lock = TRY(sys::FileLock::try_acquire(root.fd(), paths::runner_lock));
    if (!lock)
        return fail(ErrorKind::busy, "another runner works on {}", root.path());
    sys::Watcher watcher = TRY(sys::Watcher::create());
    for (const char* directory : {paths::queue_new, paths::queue_cancel, paths::queue_intent, paths::queue_upkeep})
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
        // Once through everything, then until nothing is left that a scan has begun.
        bool first = !std::exchange(scanned, true);
        bool idle = !m_runs.is_busy() && !m_background && !m_sources.is_busy();
        return !first && idle && monotonic_now() > since;
    });
}

Result<void> Runner::work(const std::function<bool()>& over)
{
    sys::Signals signals = TRY(sys::Signals::take({SIGTERM, SIGINT, SIGCHLD}));
    bool told_to_end = false;
    m_woken = true;
    m_loop.watch(signals.fd(), sys::Interest::readable, [&] {
        while (auto signal = signals.next()) {
            told_to_end = told_to_end || *signal == SIGTERM || *signal == SIGINT;
            m_woken = m_woken || (*signal == SIGCHLD && (m_background || m_sources.is_busy()));
        }
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
    m_runs.scan();
    m_complaints.attempt([&]() -> Result<void> {
        for (const std::string& why : TRY(push::reconcile(m_root)).unfinished)
            m_complaints.attempt(fail(ErrorKind::system, "{}", why));
        return {};
    }());
    bool quiet = is_quiet();
    m_sources.scan(now(), quiet);
    if (quiet)
        m_complaints.attempt(keep_house());
}

Result<void> Runner::take_up_config()
{
    auto status = TRY(sys::stat_at(m_root.fd(), paths::config));
    Instant changed = status ? sys::modified_at(*status) : 0;
    if (m_config && changed == m_config_changed)
        return {};
    m_config_changed = changed;
    auto config = forge::read_global_config(m_root);
    if (!config) {
        // Runs wait: with the settings of before they would do what the operator no longer wants.
        m_config.reset();
        return with_context(std::move(config).error(), "no run is started until this is mended");
    }
    m_config = std::move(*config);
    return {};
}

void Runner::runs_have_ended(size_t count)
{
    m_prune_wanted = m_prune_wanted || count > 0;
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

Result<void> Runner::keep_house()
{
    if (m_background) {
        auto status = TRY(m_background->poll());
        if (!status)
            return {};
        m_background.reset();
        if (*status != 0)
            log("housekeeping ended with {}", *status);
    }
    return start_upkeep();
}

Result<void> Runner::start_upkeep()
{
    for (const std::string& component : TRY(sys::list_directory(m_root.fd(), paths::queue_upkeep))) {
        // Taken away first: a push that comes while we work asks anew.
        TRY(sys::unlink_at(m_root.fd(), fmt::format("{}/{}", paths::queue_upkeep, component)));
        auto name = store::RepoName::from_component(component);
        if (!name || !m_root.has_repository(*name))
            continue;
        return spawn_background({"upkeep", name->str()});
    }
    if (m_prune_wanted && monotonic_now() >= m_prune_due) {
        m_prune_wanted = false;
        m_prune_due = monotonic_now() + prune_every;
        return spawn_background({"prune"});
    }
    bool is_trash = !TRY(sys::list_directory(m_root.fd(), paths::run_trash)).empty();
    if (!is_trash && monotonic_now() < m_trash_due)
        return {};
    m_trash_due = monotonic_now() + trash_every;
    m_prune_wanted = true;
    return spawn_background({"upkeep"});
}

Result<sys::Process> Runner::refresh_sources(const store::RepoName& name) const
{
    return sys::spawn({.argv = {m_programs + "/quire", "--root", m_root.path(), "refresh-sources", "--", name.str()},
                       .new_session = true,
                       .nice = 10});
}

Result<void> Runner::spawn_background(std::vector<std::string> arguments)
{
    std::vector<std::string> argv{m_programs + "/quire", "--root", m_root.path()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    m_background = TRY(sys::spawn({.argv = argv, .new_session = true, .nice = 19}));
    return {};
}

} // namespace quire::runner
