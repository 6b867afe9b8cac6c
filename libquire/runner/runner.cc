#include "runner/runner.h"

#include <signal.h>

#include "base/log.h"
#include "push/hooks.h"
#include "sys/file.h"
#include "sys/signals.h"

namespace quire::runner {

using store::paths::queue_upkeep;

/// Between scans that nothing asked for: what a missed hint costs at most.
constexpr int64_t scan_every = 5 * nanoseconds_per_second;

/// The trash keeps things for weeks; to look into it some times a day is enough.
constexpr int64_t trash_every = 6 * 3600 * nanoseconds_per_second;

Result<Runner> Runner::create(store::Root root, std::string programs)
{
    TRY(root.prepare());
    auto lock = TRY(sys::FileLock::try_acquire(root.fd(), store::paths::runner_lock));
    if (!lock)
        return fail(ErrorKind::busy, "another runner works on {}", root.path());
    sys::Watcher watcher = TRY(sys::Watcher::create());
    for (const char* directory : {store::paths::queue_new, store::paths::queue_cancel, store::paths::queue_intent, queue_upkeep})
        TRY(watcher.watch_directory(root.absolute(directory)));
    return Runner(std::move(root), std::move(programs), std::move(*lock), std::move(watcher));
}

Result<void> Runner::run()
{
    sys::Signals signals = TRY(sys::Signals::take({SIGTERM, SIGINT, SIGCHLD}));
    sys::Loop loop;
    bool over = false;
    loop.watch(signals.fd(), sys::Interest::readable, [&] {
        while (auto signal = signals.next())
            over = over || *signal == SIGTERM || *signal == SIGINT;
    });
    loop.watch(m_watcher.fd(), sys::Interest::readable, [&] { m_watcher.drain(); });
    log("works on {}", m_root.path());
    while (!over) {
        scan();
        TRY(loop.turn(scan_every));
    }
    log("ends");
    return {};
}

Result<void> Runner::run_once()
{
    scan();
    while (m_upkeep) {
        int status = TRY(m_upkeep->wait());
        m_upkeep.reset();
        if (status != 0)
            log("housekeeping ended with {}", status);
        TRY(start_upkeep());
    }
    return {};
}

void Runner::scan()
{
    // One part's failure is logged and must not keep the others from their work; the next scan tries again.
    if (auto reconciled = push::reconcile(m_root); !reconciled)
        log("{}", reconciled.error().message);
    if (auto started = start_upkeep(); !started)
        log("{}", started.error().message);
}

Result<void> Runner::start_upkeep()
{
    if (m_upkeep) {
        auto status = TRY(m_upkeep->poll());
        if (!status)
            return {};
        m_upkeep.reset();
        if (*status != 0)
            log("housekeeping ended with {}", *status);
    }
    for (const std::string& component : TRY(sys::list_directory(m_root.fd(), queue_upkeep))) {
        // Taken away first: a push that comes while we work asks anew.
        TRY(sys::unlink_at(m_root.fd(), fmt::format("{}/{}", queue_upkeep, component)));
        auto name = store::RepoName::from_component(component);
        if (!name || !m_root.has_repository(*name))
            continue;
        return spawn_upkeep({name->str()});
    }
    if (monotonic_now() < m_trash_due)
        return {};
    m_trash_due = monotonic_now() + trash_every;
    return spawn_upkeep({});
}

Result<void> Runner::spawn_upkeep(const std::vector<std::string>& operands)
{
    std::vector<std::string> argv{m_programs + "/quire", "--root", m_root.path(), "upkeep"};
    argv.insert(argv.end(), operands.begin(), operands.end());
    m_upkeep = TRY(sys::spawn({.argv = argv, .new_session = true, .nice = 19}));
    return {};
}

} // namespace quire::runner
