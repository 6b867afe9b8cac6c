// backup restore: a data root from a backup.
#include "deliver/backup_restore.h"
#include "base/log.h"
#include "base/show_time.h"
#include "base/strings.h"
#include "forge/proxy_secret.h"
#include "forge/shared_config.h"
#include "sys/file.h"
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

Result<int> verb_backup_restore(const Call& call)
{
    cli::Options options = TRY(call.options());
    auto key_file = options.value("key");
    if (!key_file)
        return fail(ErrorKind::usage, "backup restore: --key FILE is missing; quire backup init printed what is in it");
    deliver::BackupKey key = TRY(deliver::read_backup_key(AT_FDCWD, *key_file));
    auto target = TRY(deliver::open_backup_target(options.operands()[0]));
    deliver::RestoreWish wish{.root = TRY(absolute(options.operands()[1]))};
    if (auto identity = options.value("identity"))
        wish.identity = TRY(absolute(*identity));
    if (auto at = options.value("at"))
        wish.at = TRY(parse_time(*at));
    while (wish.root.size() > 1 && wish.root.ends_with('/'))
        wish.root.pop_back();
    deliver::Restored restored = TRY(deliver::restore_backup(*target, key, wish));
    store::Root root = TRY(store::Root::open(wish.root));
    TRY(root.prepare());
    TRY(forge::make_proxy_secret(root));
    TRY(forge::refresh_shared_config(root, TRY(forge::find_installation())));
    for (const std::string& complaint : restored.complaints)
        log("{}", complaint);
    TRY(cli::print(fmt::format("{} is as it was on {}: {} repositories, from {} objects of generation {}\n"
                               "it has no backup of its own yet; quire backup init begins one\n",
                               root.path(), show_moment(restored.at), restored.repositories, restored.objects,
                               restored.generation)));
    return restored.complaints.empty() ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::tool
