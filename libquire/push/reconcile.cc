// Completes pushes whose hooks died between "the ref moved" and "the run is recorded", from the reflog and the refs.
#include "push/default_branch.h"
#include "push/hooks.h"
#include "push/logged_moves.h"
#include "push/record.h"
#include "push/take_back.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "git/list_refs.h"
#include "git/reflog.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::push {

using store::RefUpdate;

/// Whether the reflog says that the ref went from old to new, and not before the push began. git writes it before it
/// moves the ref, so if the ref is not at new, a later move must tell that it was.
static Result<bool> reflog_tells(int repository, const RefUpdate& update, Instant since, bool is_at_new)
{
    std::vector<git::ReflogEntry> entries = TRY(git::read_reflog_tail(repository, update.ref));
    if (!is_at_new && !entries.empty())
        entries.pop_back();
    return std::any_of(entries.begin(), entries.end(), [&](const git::ReflogEntry& entry) {
        return entry.old_id == update.old_id && entry.new_id == update.new_id &&
               static_cast<Instant>(entry.seconds) * nanoseconds_per_second + reflog_slack >= since;
    });
}

/// The refs of the push that are where it would have put them.
static Result<std::set<std::string>> refs_at_new(int repository, const store::Intent& push)
{
    git::Refs refs = TRY(git::list_refs(repository));
    std::set<std::string> found;
    for (const RefUpdate& update : push.updates) {
        auto ref = refs.find(update.ref);
        bool is_at_new =
            store::is_null_id(update.new_id) ? ref == refs.end() : ref != refs.end() && ref->second == update.new_id;
        if (is_at_new)
            found.insert(update.ref);
    }
    return found;
}

/// The moves of the push that the log does not have. Those that it has came to the disk before it, with their objects.
static std::vector<RefUpdate> not_recorded(const LoggedMoves& logged, const store::Intent& push)
{
    std::vector<RefUpdate> updates = push.updates;
    std::erase_if(updates, [&](const RefUpdate& update) { return logged.has(update); });
    return updates;
}

/// The refs that the push moved. git does not wait until a reflog is on the disk, as it does for a ref: after a failure
/// of the machine the ref alone may tell. It does not tell who moved it.
static Result<std::vector<RefUpdate>> moved_by(int repository, const store::Intent& push)
{
    LoggedMoves logged(TRY(store::read_push_log(repository, 1000 + push.updates.size())), push);
    std::set<std::string> at_new = TRY(refs_at_new(repository, push));
    std::set<std::string> lost;
    if (!store::is_of_this_boot(push.id))
        lost = TRY(take_back_lost(repository, not_recorded(logged, push), at_new));
    std::vector<RefUpdate> moved;
    for (const RefUpdate& update : push.updates) {
        if (lost.contains(update.ref))
            continue;
        bool is_at_new = at_new.contains(update.ref);
        if (TRY(reflog_tells(repository, update, push.at, is_at_new)) || logged.later_began_at(update) ||
            (is_at_new && !logged.another_moved(update)))
            moved.push_back(update);
    }
    return moved;
}

static Result<void> complete(const store::Root& root, const store::Intent& push)
{
    auto opened = root.open_repository(push.repo);
    if (!opened && opened.error().kind == ErrorKind::not_found)
        return {}; // the repository was removed since
    UniqueFd repository = TRY(std::move(opened));
    std::vector<RefUpdate> moved = TRY(moved_by(repository.get(), push));
    if (moved.empty())
        return {};
    TRY(adopt_default_branch(repository.get(), moved));
    auto outcomes = TRY(record_push(root, repository.get(), push, moved, true));
    for (const Outcome& outcome : outcomes)
        if (outcome.run != 0)
            log("{}: run #{} recorded for a push that was cut off", push.repo.str(), outcome.run);
    return {};
}

/// Removes what a killed hook was just making.
static void sweep_after(const store::Root& root, const store::RepoName& repo)
{
    sys::sweep_temporaries(root.fd(), store::paths::repository_runs(repo));
    sys::sweep_temporaries(root.fd(), store::paths::queue_new);
    sys::sweep_temporaries(root.fd(), store::paths::queue_intent);
}

/// If the machine failed, it is tried again, but not for ever. doctor can still try when the push was given up.
static bool may_pass(const Error& error, const store::Intent& push)
{
    constexpr Instant patience = 24 * 3600 * nanoseconds_per_second;
    bool machine = error.code != 0 || error.kind == ErrorKind::system || error.kind == ErrorKind::busy;
    return machine && now() - push.at < patience;
}

/// Moves away anything among the intents that is not one, or each scan would find it again.
static Result<void> set_aside(const store::Root& root, const std::string& id, const Error& error)
{
    if (error.code != 0 && error.code != EISDIR)
        return Unexpected(error);
    TRY(store::set_aside_unreadable(root, id));
    log("{}; it was put into {}", error.message, store::paths::queue_lost);
    return {};
}

static Result<bool> deal_with(const store::Root& root, store::HeldIntent& held)
{
    const store::Intent& push = held.intent();
    auto completed = complete(root, push);
    if (!completed && may_pass(completed.error(), push))
        return with_context(std::move(completed).error(),
                            fmt::format("a push to {} is not recorded yet", push.repo.str()));
    if (!completed) {
        TRY(held.give_up(root, completed.error().message));
        log("a push to {} can't be recorded: {}; 'quire doctor' knows of it", push.repo.str(),
            completed.error().message);
        return false;
    }
    sweep_after(root, push.repo);
    TRY(held.remove(root));
    return true;
}

Result<Reconciled> reconcile(const store::Root& root, const store::RepoName* only)
{
    Reconciled result;
    for (const std::string& id : TRY(store::list_intents(root))) {
        if (store::receiver_lives(id))
            continue;
        auto held = store::HeldIntent::try_hold(root, id);
        // An intent that stays must not keep the others waiting.
        if (!held) {
            auto gone = only ? Result<void>() : set_aside(root, id, held.error());
            if (!gone)
                result.unfinished.push_back(std::move(gone).error().message);
            else
                result.given_up += only ? 0 : 1;
            continue;
        }
        if (!*held || (only && (*held)->intent().repo != *only))
            continue;
        auto recorded = deal_with(root, **held);
        if (!recorded)
            result.unfinished.push_back(std::move(recorded).error().message);
        else
            ++(*recorded ? result.recorded : result.given_up);
    }
    return result;
}

} // namespace quire::push
