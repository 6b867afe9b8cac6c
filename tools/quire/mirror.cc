// mirror: other forges' copies of a repository.
#include "deliver/mirror.h"
#include "base/log.h"
#include "base/show_time.h"
#include "cli/table.h"
#include "forge/config.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

namespace {

/// A repository that was named, and perhaps one of its mirrors.
struct Named {
    store::Root root;
    store::RepoName repo;
    UniqueFd repository;
    std::string mirror;

    static Result<Named> of(const Call& call, const cli::Options& options)
    {
        store::Root root = TRY(call.root());
        store::RepoName repo = TRY(Call::repository(root, options.operands()[0]));
        UniqueFd repository = TRY(root.open_repository(repo));
        std::string mirror = options.operands().size() > 1 ? options.operands()[1] : "";
        return Named{std::move(root), std::move(repo), std::move(repository), std::move(mirror)};
    }
    deliver::MirrorPlace place() const { return {root, repo, repository.get(), mirror}; }
    deliver::ReadSecret secrets() const
    {
        return [this](const std::string& name) -> Result<std::string> {
            store::GlobalConfig config = TRY(forge::read_global_config(root));
            auto found = config.secrets.find(name);
            if (found == config.secrets.end())
                return fail(ErrorKind::not_found, "config.fnl has none of that name");
            return store::resolve_secret(root, found->second);
        };
    }
};

} // namespace

static std::string job_to_paste(const std::string& mirror)
{
    return fmt::format(
        "Then let a job of .quire/ci.fnl push to it:\n\n"
        "  (local {{: mirror}} (require :quire.stdlib))\n"
        "  (ci.job :mirror [:quire/push] (fn [] (mirror :{})))\n\n"
        "With (mirror :{} {{:force [\"refs/heads/*\"] :prune true}}) it follows what was rewritten and deleted, too.\n",
        mirror, mirror);
}

Result<int> verb_mirror_add(const Call& call)
{
    cli::Options options = TRY(call.options());
    Named named = TRY(Named::of(call, options));
    deliver::NewMirror mirror{.url = options.operands()[2], .secret = options.value("secret").value_or("")};
    mirror.user = options.value("user").value_or(mirror.user);
    if (!mirror.secret.empty())
        TRY(named.secrets()(mirror.secret));
    deliver::MadeMirror made = TRY(deliver::add_mirror(named.place(), mirror));
    std::string text;
    if (!made.public_key.empty()) {
        text += "The remote's host keys, which are pinned now; compare them with what it publishes:\n\n";
        for (const std::string& line : made.fingerprints)
            text += "  " + line + "\n";
        text +=
            fmt::format("\nAdd this key there, with the right to write (a deploy key):\n\n  {}\n\n", made.public_key);
    }
    text += job_to_paste(named.mirror);
    text += fmt::format("\nTry it: quire mirror check {} {}\n", named.repo.str(), named.mirror);
    TRY(cli::print(text));
    return 0;
}

static std::string state_of(const store::Mirror& mirror)
{
    const store::MirrorStatus& status = mirror.status;
    std::string text(status.word());
    if (status.is_failing)
        text += " since " + show_moment(status.failing_since);
    return text;
}

static std::string drift_of(const store::Mirror& mirror)
{
    size_t count = mirror.status.drift.size() + mirror.status.more_drift;
    return count == 0 ? "" : fmt::format("{} refs differ, such as {}", count, mirror.status.drift[0].ref);
}

static Result<void> print_mirrors(const std::vector<store::Mirror>& mirrors, bool json)
{
    text::Data::Sequence list;
    std::vector<std::vector<std::string>> rows;
    for (const store::Mirror& mirror : mirrors) {
        list.push_back(to_data(mirror));
        const store::MirrorStatus& status = mirror.status;
        rows.push_back(
            {mirror.name, text::for_terminal(mirror.url), state_of(mirror),
             status.last_success == 0 ? "never pushed to" : "last pushed to " + show_moment(status.last_success),
             text::for_terminal(drift_of(mirror))});
        if (status.word() == "failing")
            rows.push_back({"", text::for_terminal(status.reason)});
        if (mirror.is_rotating)
            rows.push_back({"", "a new key waits: quire mirror rotate"});
        if (mirror.has_old_key)
            rows.push_back({"", "the remote may still let the old key in: remove it there, then quire mirror check"});
    }
    using enum cli::Align;
    return cli::print(json           ? text::write_json(std::move(list)) + "\n"
                      : rows.empty() ? "there is no mirror\n"
                                     : cli::format_table(rows, {left, left, left, left, left}));
}

Result<int> verb_mirror_list(const Call& call)
{
    cli::Options options = TRY(call.options());
    Named named = TRY(Named::of(call, options));
    std::vector<store::Mirror> mirrors = TRY(store::list_mirrors(named.repository.get()));
    for (store::Mirror& mirror : mirrors)
        mirror.status.drift = TRY(deliver::find_drift(named.repository.get(), mirror));
    TRY(print_mirrors(mirrors, options.has("json")));
    return 0;
}

Result<int> verb_mirror_check(const Call& call)
{
    constexpr int64_t patience = 60 * nanoseconds_per_second;
    cli::Options options = TRY(call.options());
    Named named = TRY(Named::of(call, options));
    std::vector<std::string> names;
    for (const store::Mirror& mirror : TRY(store::list_mirrors(named.repository.get())))
        names.push_back(mirror.name);
    if (!named.mirror.empty())
        names = {named.mirror};
    std::vector<store::Mirror> mirrors;
    bool all_well = true;
    for (const std::string& name : names) {
        named.mirror = name;
        mirrors.push_back(TRY(
            deliver::check_mirror(named.place(), named.secrets(), deliver::Look::whether_it_takes_a_push, patience)));
        all_well &= mirrors.back().status.is_reachable;
    }
    TRY(print_mirrors(mirrors, options.has("json")));
    return all_well ? cli::exit_yes : cli::exit_no;
}

Result<int> verb_mirror_rotate(const Call& call)
{
    using Step = deliver::Rotation::Step;
    cli::Options options = TRY(call.options());
    Named named = TRY(Named::of(call, options));
    deliver::Rotation rotation = TRY(deliver::rotate_mirror(named.place()));
    std::string again = fmt::format("quire mirror rotate {} {}", named.repo.str(), named.mirror);
    switch (rotation.step) {
    case Step::nothing_to_do:
        return fail(ErrorKind::usage, "over https a mirror has no key: change the secret in config.fnl");
    case Step::began:
        TRY(cli::print(fmt::format(
            "Add this key at the remote, with the right to write, beside the present one:\n\n  {}\n\nThen: {}\n",
            rotation.public_key, again)));
        return cli::exit_yes;
    case Step::waits:
        TRY(cli::print(fmt::format(
            "The remote does not take the new key yet; the present one stays in use:\n\n  {}\n\n  {}\n\nThen: {}\n",
            rotation.public_key, text::for_terminal(rotation.why), again)));
        return cli::exit_no;
    case Step::switched:
        break;
    }
    TRY(cli::print(fmt::format(
        "The new key is in use. Remove the old one at the remote:\n\n  {}\n\nThen: quire mirror check {} {}, "
        "which forgets it once the remote lets it in no more.\n",
        rotation.old_key, named.repo.str(), named.mirror)));
    return cli::exit_yes;
}

Result<int> verb_mirror_rm(const Call& call)
{
    cli::Options options = TRY(call.options());
    Named named = TRY(Named::of(call, options));
    store::Mirror mirror = TRY(store::read_mirror(named.repository.get(), named.mirror));
    TRY(deliver::remove_mirror(named.place()));
    TRY(cli::print(fmt::format("{} is no mirror of {} any more; remove its key at {}\n", named.mirror, named.repo.str(),
                               text::for_terminal(mirror.url))));
    return 0;
}

/// The task: what was asked for last is made again.
Result<int> verb_push_mirror(const Call& call)
{
    cli::Options options = TRY(call.options());
    Named named = TRY(Named::of(call, options));
    auto mirror = store::read_mirror(named.repository.get(), named.mirror);
    if (!mirror && mirror.error().kind == ErrorKind::not_found)
        return 0;                                  // it was removed meanwhile
    if (mirror && mirror->status.order.is_nil()) { // no job has asked for a push yet: it is only looked at
        constexpr int64_t patience = 60 * nanoseconds_per_second;
        store::Mirror seen =
            TRY(deliver::check_mirror(named.place(), named.secrets(), deliver::Look::at_refs, patience));
        if (!seen.status.is_reachable)
            return fail(ErrorKind::system, "{}", seen.status.reason);
        return 0;
    }
    deliver::PushReport report =
        TRY(deliver::push_mirror(named.place(), deliver::last_order(TRY(std::move(mirror))), named.secrets()));
    if (!report.error.empty())
        return fail(ErrorKind::refused, "{}", report.error);
    return 0;
}

/// The task: what differs is noted, in each mirror's status. One that can't be reached is noted too, and has a task of
/// its own then.
Result<int> verb_look_at_mirrors(const Call& call)
{
    constexpr int64_t patience = 60 * nanoseconds_per_second;
    cli::Options options = TRY(call.options());
    Named named = TRY(Named::of(call, options));
    for (const store::Mirror& one : TRY(store::list_mirrors(named.repository.get()))) {
        named.mirror = one.name;
        auto seen = deliver::check_mirror(named.place(), named.secrets(), deliver::Look::at_refs, patience);
        if (!seen && seen.error().kind != ErrorKind::not_found)
            return Unexpected(std::move(seen).error());
    }
    return 0;
}

/// Asked by quire-hook: whether all mirrors of a repository could be reached a moment ago.
Result<int> verb_probe_mirrors(const Call& call)
{
    constexpr int64_t patience = 8 * nanoseconds_per_second;
    cli::Options options = TRY(call.options());
    Named named = TRY(Named::of(call, options));
    for (const store::Mirror& one : TRY(store::list_mirrors(named.repository.get()))) {
        named.mirror = one.name;
        store::Mirror mirror =
            TRY(deliver::check_mirror(named.place(), named.secrets(), deliver::Look::at_refs, patience));
        if (!mirror.status.is_reachable)
            return fail(ErrorKind::refused, "mirror {} can't be reached: {}", mirror.name, mirror.status.reason);
    }
    return 0;
}

} // namespace quire::tool
