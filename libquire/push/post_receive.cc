#include <algorithm>

#include "base/duration.h"
#include "git/ref_name.h"
#include "push/ask_config.h"
#include "push/default_branch.h"
#include "push/hooks.h"
#include "push/policy.h"
#include "push/record.h"
#include "push/wait.h"

#include "base/log.h"
#include "store/config.h"
#include "store/config_keys.h"
#include "store/task.h"
#include "sys/file.h"
#include "sys/sync_order.h"
#include "text/escape.h"

namespace quire::push {

constexpr size_t most_lines = 20;

static void tell(const Context& context, const std::vector<Outcome>& outcomes)
{
    // A broken config.fnl only costs the addresses: the push is in.
    auto config = store::read_global_config(context.root, config_asker(context.root, std::nullopt));
    bool verbose = context.has_option("ci.verbose");
    size_t unsaid = 0;
    size_t lines = 0;
    for (const Outcome& outcome : outcomes) {
        bool says = outcome.run != 0 || outcome.worth_saying || verbose;
        if (!says)
            continue;
        if (++lines > most_lines && !verbose) {
            ++unsaid;
            continue;
        }
        std::string ref = git::shown_ref(outcome.update.ref);
        std::string commit = outcome.commit.empty() ? "" : fmt::format(" ({})", outcome.commit.substr(0, 7));
        std::string page = config ? config->run_url(context.repo, outcome.run) : "";
        if (outcome.run == 0)
            log("no run for {}{}: {}", ref, commit, outcome.no_run);
        else
            log("run #{} queued for {}{}{}{}", outcome.run, ref, commit, page.empty() ? "" : " ", page);
    }
    if (unsaid > 0)
        log("and {} more", unsaid);
}

/// Asks the runner for housekeeping (commit-graph, packing) when it has time, and for the index of what is searched at
/// once; a request that is lost does no harm.
static void request_upkeep(const Context& context)
{
    (void)store::add_task(context.root, {.kind = "search", .repo = context.repo}, store::Durability::unsynced);
    (void)store::add_task(context.root, {.kind = "upkeep", .repo = context.repo}, store::Durability::unsynced);
}

/// Has the versions of changes noted; a request that is lost is made up for with the next push.
static void request_index(const Context& context)
{
    bool brings_some = std::any_of(context.updates.begin(), context.updates.end(),
                                   [](const store::RefUpdate& update) { return !store::is_null_id(update.new_id); });
    if (!brings_some)
        return;
    (void)store::add_task(context.root, {.kind = "changes", .repo = context.repo}, store::Durability::unsynced);
}

/// Where there is a backup: it knows by the push log what to store, so a request that is lost is made up for.
static void request_backup(const Context& context)
{
    if (sys::exists(context.root.fd(), store::paths::backup_settings))
        (void)store::add_task(context.root, {.kind = "backup", .repo = std::nullopt}, store::Durability::unsynced);
}

/// git gives objects and refs their names after it has synced them. Where no later sync brings the names along, as on
/// btrfs, they are brought to the disk together, before the first of ours could bring a ref without its objects.
static Result<void> sync_what_git_named(int repository)
{
    if (sys::sync_order_of(repository) != sys::SyncOrder::unknown)
        return {};
    return sys::sync_filesystem(repository, "the repository");
}

static Result<std::vector<Outcome>> record(const Context& context)
{
    TRY(sync_what_git_named(context.repository.get()));
    auto held = TRY(store::HeldIntent::hold(context.root, context.push_id));
    // Without pre-receive's intent (quire was installed while this push ran) there is nothing to finish from,
    // but all there is to record is here.
    store::Intent push{.id = context.push_id,
                       .repo = context.repo,
                       .pusher = context.pusher,
                       .at = now(),
                       .options = context.options,
                       .updates = context.updates,
                       .certificate = context.certificate};
    if (held)
        push.at = held->intent().at;
    std::string adopted = TRY(adopt_default_branch(context.repository.get(), context.updates));
    if (!adopted.empty())
        log("{} is the default branch now; 'quire default-branch' changes it", text::show_invisible(adopted));
    auto outcomes = TRY(record_push(context.root, context.repository.get(), push, context.updates, false));
    if (held)
        TRY(held->remove(context.root));
    return outcomes;
}

/// The repository's :push-waits, which nobody but a push asks for. A broken config refuses pushes; if it broke just
/// now, nobody waits.
static int64_t configured_patience(const Context& context)
{
    auto source = store::read_config_source(context.repository.get(), store::paths::repository_config);
    if (!source)
        return 0;
    auto config = store::parse_config(*source, store::repository_keys(), store::paths::repository_config,
                                      config_asker(context.root, context.repo));
    auto patience = parse_duration(config ? config->string_or("push-waits", "") : "");
    return patience ? *patience : 0;
}

static void wait(const Context& context, const std::vector<Outcome>& outcomes)
{
    bool any = std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& outcome) { return outcome.run != 0; });
    if (!any)
        return;
    auto patience = patience_of(context.options, configured_patience(context));
    if (!patience)
        return log("not waiting: -o ci.wait: {}", patience.error().message);
    if (*patience > 0)
        wait_for_runs(context, outcomes, *patience);
}

Result<int> post_receive(const Context& context)
{
    auto outcomes = record(context);
    if (outcomes) {
        tell(context, *outcomes);
        request_backup(context);
        request_upkeep(context);
        request_index(context);
        wait(context, *outcomes);
        return 0;
    }
    log("YOUR PUSH WAS ACCEPTED, BUT ITS RUNS ARE NOT RECORDED YET: {}", outcomes.error().message);
    log("a note was left; the runner's next scan or 'quire doctor --fix' records them");
    return 0;
}

} // namespace quire::push
