#include "forge/settle.h"

#include "push/hooks.h"
#include "store/create_run.h"
#include "store/intent.h"
#include "sys/file.h"

namespace quire::forge {

static Result<void> settle_pushes(const store::Root& root, const store::RepoName& name)
{
    TRY(push::reconcile(root));
    for (const std::string& id : TRY(store::list_intents(root))) {
        auto held = TRY(store::HeldIntent::hold(root, id));
        if (held && held->intent().repo == name)
            return fail(ErrorKind::busy, "somebody is pushing to {} right now; try again in a moment", name.str());
    }
    return {};
}

/// A runner will cancel what is active and this will wait for it; until there is one, the operator decides.
static Result<void> settle_runs(const store::Root& root, const store::RepoName& name)
{
    for (const std::string& entry : TRY(sys::list_directory(root.fd(), store::paths::queue_new))) {
        auto run = store::paths::parse_queue_entry(entry);
        if (!run || run->repo != name)
            continue;
        // One that is gone was claimed just now, and is found below.
        auto removed = sys::unlink_at(root.fd(), fmt::format("{}/{}", store::paths::queue_new, entry));
        if (!removed && removed.error().kind != ErrorKind::not_found)
            return removed;
    }
    for (const std::string& entry : TRY(sys::list_directory(root.fd(), store::paths::queue_active)))
        if (auto run = store::paths::parse_queue_entry(entry); run && run->repo == name)
            return fail(ErrorKind::busy, "run #{} of {} is active: wait for its end, or cancel it", run->number,
                        name.str());
    return {};
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
