#include "push/ask_config.h"
#include "push/conflict_gate.h"
#include "push/hooks.h"
#include "push/mirror_gate.h"
#include "push/policy.h"

#include "base/log.h"
#include "store/replica.h"
#include "sys/file.h"
#include "text/escape.h"

namespace quire::push {

/// More refusals than this of one push tell the pusher nothing new.
constexpr size_t most_lines = 20;

static std::string shown_in_full(std::string_view ref)
{
    constexpr size_t enough = 200;
    return text::show_invisible(ref.substr(0, enough)) + (ref.size() > enough ? "…" : "");
}

Result<int> pre_receive(const Context& context)
{
    if (auto own = store::refuse_on_replica(context.root, "push to the forge that it follows"); !own) {
        log("{}", own.error().message);
        return 1;
    }
    auto read =
        store::read_repository_config(context.repository.get(), context.repo, config_asker(context.root, context.repo));
    store::RepositoryConfig config = read ? std::move(*read) : store::closed_config(read.error());
    if (auto reason = refusal_of_repository(config)) {
        log("{}", *reason);
        return 1;
    }
    size_t refused = 0;
    for (const store::RefUpdate& update : context.updates) {
        auto reason = refusal_of(update);
        if (reason && ++refused <= most_lines)
            log("refused {}: {}", shown_in_full(update.ref), *reason);
    }
    if (refused > most_lines)
        log("and {} more", refused - most_lines);
    if (refused > 0)
        return 1;
    if (auto reason = refusal_of_conflicts(context, config)) {
        log("{}", *reason);
        return 1;
    }
    if (auto reason = refusal_by_mirrors(context, config)) {
        log("{}", *reason);
        return 1;
    }
    auto written = store::write_intent(context.root, context.repository.get(),
                                       {.id = context.push_id,
                                        .repo = context.repo,
                                        .pusher = context.pusher,
                                        .at = now(),
                                        .options = context.options,
                                        .updates = context.updates,
                                        .certificate = context.certificate});
    if (!written)
        return with_context(std::move(written).error(), "this push can't be recorded, so nothing was changed");
    // Whoever moves the repository says so first and looks for intents then: one of us sees the other.
    if (sys::exists(context.repository.get(), store::paths::repository_moving)) {
        if (auto held = TRY(store::HeldIntent::hold(context.root, context.push_id)))
            TRY(held->remove(context.root));
        log("this repository is being renamed, removed or restored; try again in a moment");
        return 1;
    }
    return 0;
}

} // namespace quire::push
