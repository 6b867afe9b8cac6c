#include "forge/settle.h"

#include <algorithm>
#include <set>

#include "forge/run_requests.h"
#include "push/hooks.h"
#include "store/create_run.h"
#include "store/intent.h"
#include "store/queue.h"
#include "sys/file.h"
#include "sys/inotify.h"
#include "sys/loop.h"

namespace quire::forge {

static Result<void> settle_pushes(const store::Root& root, const store::RepoName& name)
{
    auto reconciled = TRY(push::reconcile(root, &name));
    if (!reconciled.unfinished.empty())
        return fail(ErrorKind::busy, "{}", reconciled.unfinished[0]);
    for (const std::string& id : TRY(store::list_intents(root))) {
        auto held = store::HeldIntent::hold(root, id);
        // What can't be read does not belong to a live push; the runner sets it aside.
        if (held && *held && (*held)->intent().repo == name)
            return fail(ErrorKind::busy, "somebody is pushing to {} right now; try again in a moment", name.str());
    }
    return {};
}

static Result<void> unqueue(const store::Root& root, const store::RepoName& name)
{
    for (const std::string& entry : TRY(sys::list_directory(root.fd(), store::paths::queue_new))) {
        auto run = store::paths::parse_queue_entry(entry);
        if (!run || run->repo != name)
            continue;
        // If it is gone, it was claimed just now, and is found below.
        auto removed = sys::unlink_at(root.fd(), fmt::format("{}/{}", store::paths::queue_new, entry));
        if (!removed && removed.error().kind != ErrorKind::not_found)
            return removed;
    }
    return {};
}

static Result<std::vector<uint64_t>> active_runs(const store::Root& root, const store::RepoName& name)
{
    std::vector<uint64_t> numbers;
    for (const store::QueueItem& item : TRY(store::list_queue(root, store::paths::queue_active)))
        if (item.repo == name)
            numbers.push_back(item.number);
    return numbers;
}

/// false: there is nothing to cancel. A run that has ended is about to lose its entry, and one that is only being
/// prepared goes back to the queue.
static Result<bool> ask_to_cancel(const store::Root& root, const store::RepoName& name, uint64_t number)
{
    auto record = store::read_run_record(root, name, number);
    if (!record || record->state != store::RunState::active)
        return false;
    auto asked = request_cancel(root, *record, fmt::format("whoever moves {}", name.str()));
    if (!asked && asked.error().kind != ErrorKind::refused)
        return Unexpected(std::move(asked).error());
    return true;
}

/// A live runner cancels active runs, and this waits for it. Without a runner, the operator must decide.
static Result<void> settle_runs(const store::Root& root, const store::RepoName& name)
{
    constexpr int64_t patience = 30 * nanoseconds_per_second;
    sys::Watcher watcher = TRY(sys::Watcher::create());
    TRY(watcher.watch_departures(root.absolute(store::paths::queue_active)));
    std::set<uint64_t> asked;
    for (int64_t deadline = monotonic_now() + patience;;) {
        // Repeated in each round: a run that was claimed but not started returns to the queue.
        TRY(unqueue(root, name));
        std::vector<uint64_t> active = TRY(active_runs(root, name));
        if (active.empty())
            return {};
        if (!TRY(runner_lives(root)))
            return fail(ErrorKind::busy,
                        "run #{} of {} is active, and no runner is alive to cancel it: start one, or wait for its "
                        "end",
                        active[0], name.str());
        for (uint64_t number : active)
            if (!asked.contains(number) && TRY(ask_to_cancel(root, name, number)))
                asked.insert(number);
        TRY(store::wake_runner(root));
        int64_t left = deadline - monotonic_now();
        if (left <= 0)
            return fail(ErrorKind::busy, "run #{} of {} was asked to end and has not within {}; try again in a moment",
                        active[0], name.str(), format_duration(patience));
        sys::Loop loop;
        loop.watch(watcher.fd(), sys::Interest::readable, [&] { watcher.drain(); });
        TRY(loop.turn(std::min(left, nanoseconds_per_second)));
    }
}

Result<void> requeue(const store::Root& root, const store::RepoName& name)
{
    constexpr size_t as_many_as_can_wait = 1000;
    for (uint64_t number : TRY(store::newest_runs(root, name, as_many_as_can_wait))) {
        auto record = store::read_run_record(root, name, number);
        if (record && record->state == store::RunState::queued)
            TRY(store::ensure_queued(root, *record));
    }
    return {};
}

Result<void> settle(const store::Root& root, const store::RepoName& name)
{
    TRY(settle_pushes(root, name));
    return settle_runs(root, name);
}

} // namespace quire::forge
