// Pushes whose hooks died between "the ref moved" and "the run is recorded", completed from the reflog.
#include "push/hooks.h"
#include "push/record.h"

#include "base/log.h"
#include "git/reflog.h"
#include "store/push_log.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::push {

using store::RefUpdate;

/// Git writes whole seconds of a clock that ticks some milliseconds behind ours, and may have read it early. The same
/// move so shortly before, undone since, would be taken for this one: a run too many, where a run too few is lost for
/// good.
constexpr Instant reflog_slack = 10 * nanoseconds_per_second;

/// Whether the reflog says that the ref went from old to new, not earlier than the push began.
static Result<bool> reflog_tells(int repository, const RefUpdate& update, Instant since)
{
    for (const git::ReflogEntry& entry : TRY(git::read_reflog_tail(repository, update.ref)))
        if (entry.old_id == update.old_id && entry.new_id == update.new_id &&
            static_cast<Instant>(entry.seconds) * nanoseconds_per_second + reflog_slack >= since)
            return true;
    return false;
}

/// Whether a later push found the ref where this one would have put it: for refs deleted since, reflog and all.
static Result<bool> push_log_tells(int repository, const RefUpdate& update, Instant since)
{
    for (const store::PushLogEntry& entry : TRY(store::read_push_log(repository, 1000)))
        if (entry.at >= since && entry.ref == update.ref && entry.old_id == update.new_id)
            return true;
    return false;
}

static Result<void> complete(const store::Root& root, const store::Intent& push)
{
    auto opened = root.open_repository(push.repo);
    if (!opened && opened.error().kind == ErrorKind::not_found)
        return {}; // removed since
    UniqueFd repository = TRY(std::move(opened));
    std::vector<RefUpdate> moved;
    for (const RefUpdate& update : push.updates) {
        if (store::is_null_id(update.new_id))
            continue;
        if (TRY(reflog_tells(repository.get(), update, push.at)) ||
            TRY(push_log_tells(repository.get(), update, push.at)))
            moved.push_back(update);
    }
    if (moved.empty())
        return {};
    auto outcomes = TRY(record_push(root, repository.get(), push, moved, true));
    for (const Outcome& outcome : outcomes)
        if (outcome.run != 0)
            log("{}: run #{} recorded for a push that was cut off", push.repo.str(), outcome.run);
    return {};
}

/// What a killed hook was in the middle of making.
static void sweep_after(const store::Root& root, const store::RepoName& repo)
{
    sys::sweep_temporaries(root.fd(), store::paths::repository_runs(repo));
    sys::sweep_temporaries(root.fd(), store::paths::queue_new);
    sys::sweep_temporaries(root.fd(), store::paths::queue_intent);
}

Result<size_t> reconcile(const store::Root& root)
{
    size_t dealt_with = 0;
    for (const std::string& id : TRY(store::list_intents(root))) {
        if (store::receiver_lives(id))
            continue;
        auto held = store::HeldIntent::try_hold(root, id);
        if (!held) {
            log("{}", held.error().message); // one unreadable note must not keep the others waiting
            continue;
        }
        if (!*held)
            continue;
        auto completed = complete(root, (*held)->intent());
        if (!completed) {
            log("a push to {} stays unrecorded: {}", (*held)->intent().repo.str(), completed.error().message);
            continue;
        }
        sweep_after(root, (*held)->intent().repo);
        TRY((*held)->remove(root));
        ++dealt_with;
    }
    return dealt_with;
}

} // namespace quire::push
