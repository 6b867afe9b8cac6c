// backup restore and backup follow: a data root from a backup.
#include "deliver/backup_restore.h"

#include <algorithm>

#include "base/log.h"
#include "base/show_time.h"
#include "base/strings.h"
#include "deliver/replica.h"
#include "forge/proxy_secret.h"
#include "forge/shared_config.h"
#include "sys/file.h"
#include "sys/loop.h"
#include "text/escape.h"
#include "verbs.h"

namespace quire::tool {

/// "2026-11-21T11:34:37Z", also with a blank and without the Z. A whole second is meant to its end.
static Result<Instant> parse_time(std::string text)
{
    size_t blank = text.find(' ');
    if (blank != std::string::npos)
        text[blank] = 'T';
    if (!text.ends_with('Z'))
        text += 'Z';
    auto at = parse_instant(text);
    if (!at)
        return fail(ErrorKind::usage, "--at: '{}' is no time; one looks like 2026-11-21T11:34:37Z", visible(text));
    bool is_whole = text.find('.') == std::string::npos;
    return is_whole ? *at + nanoseconds_per_second - 1 : *at;
}

static Result<std::string> absolute(const std::string& path)
{
    if (path.starts_with('/'))
        return path;
    return TRY(sys::current_directory()) + "/" + path;
}

namespace {

/// What both are told.
struct Source {
    deliver::BackupKey key;
    std::unique_ptr<deliver::BackupTarget> target;
    std::string identity;
    std::string root;

    static Result<Source> of(const Call& call, const cli::Options& options)
    {
        auto key_file = options.value("key");
        if (!key_file)
            return fail(ErrorKind::usage, "{}: --key FILE is missing; quire backup init printed what is in it",
                        call.verb.name);
        Source source{.key = TRY(deliver::read_backup_key(AT_FDCWD, *key_file)),
                      .target = TRY(deliver::open_backup_target(options.operands()[0])),
                      .identity = {},
                      .root = TRY(absolute(options.operands()[1]))};
        if (auto identity = options.value("identity"))
            source.identity = TRY(absolute(*identity));
        while (source.root.size() > 1 && source.root.ends_with('/'))
            source.root.pop_back();
        return source;
    }
};

/// What no backup holds, since it is made anew.
Result<void> furnish(const store::Root& root)
{
    TRY(root.prepare());
    TRY(forge::make_proxy_secret(root));
    TRY(forge::refresh_shared_config(root, TRY(forge::find_installation())));
    return {};
}

} // namespace

Result<int> verb_backup_follow(const Call& call)
{
    constexpr uint64_t most_seconds = 86400, usual_seconds = 2;
    constexpr int64_t most_patience = 60 * nanoseconds_per_second;
    cli::Options options = TRY(call.options());
    auto every =
        static_cast<int64_t>(TRY(Call::number(options, "every", usual_seconds, most_seconds))) * nanoseconds_per_second;
    Source source = TRY(Source::of(call, options));
    auto replica =
        TRY(deliver::Replica::open(*source.target, source.key, {.root = source.root, .identity = source.identity}));
    TRY(furnish(replica.root()));
    log("{} follows {}", replica.root().path(), store::origin_of(replica.state()));
    sys::Loop loop;
    std::string told;
    for (int64_t pause = every;;) {
        auto applied = replica.catch_up();
        if (options.has("once")) {
            TRY(std::move(applied));
            return cli::exit_yes;
        }
        std::string trouble = applied ? "" : applied.error().message;
        if (trouble != told)
            log("{}", trouble.empty() ? "follows again" : trouble);
        told = std::move(trouble);
        pause = applied ? every : std::min(pause * 2, std::max(every, most_patience));
        TRY(loop.turn(pause));
    }
}

Result<int> verb_backup_restore(const Call& call)
{
    cli::Options options = TRY(call.options());
    Source source = TRY(Source::of(call, options));
    deliver::RestoreWish wish{.root = source.root, .identity = source.identity};
    if (auto at = options.value("at"))
        wish.at = TRY(parse_time(*at));
    deliver::Restored restored = TRY(deliver::restore_backup(*source.target, source.key, wish));
    store::Root root = TRY(store::Root::open(wish.root));
    TRY(furnish(root));
    for (const std::string& complaint : restored.complaints)
        log("{}", complaint);
    TRY(cli::print(fmt::format("{} is as it was on {}: {} repositories, from {} objects of generation {}\n"
                               "it has no backup of its own yet; quire backup init begins one\n",
                               root.path(), show_moment(restored.at), restored.repositories, restored.objects,
                               restored.generation)));
    return restored.complaints.empty() ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::tool
