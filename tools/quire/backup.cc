// backup: the continuous one, and an archive of everything at once. Restoring is in backup_restore.cc.
#include <algorithm>

#include <unistd.h>

#include "base/log.h"
#include "base/show_time.h"
#include "base/strings.h"
#include "cli/table.h"
#include "deliver/backup_archive.h"
#include "deliver/backup_begin.h"
#include "deliver/backup_ship.h"
#include "deliver/backup_status.h"
#include "store/notice.h"
#include "store/task.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/escape.h"
#include "text/json.h"
#include "text/shell_words.h"
#include "verbs.h"

namespace quire::tool {

/// How many objects a check reads back besides the newest.
constexpr size_t usual_sample = 5;

static Result<deliver::BackupSettings> settings_of(const cli::Options& options)
{
    deliver::BackupSettings wanted{.target = options.operands()[0]};
    std::string recipients = options.value("recipient").value_or("");
    for (std::string_view who : split(recipients, ','))
        if (!trim(who).empty())
            wanted.recipients.emplace_back(trim(who));
    if (wanted.recipients.empty() && !options.has("plain"))
        return fail(ErrorKind::usage,
                    "backup init: say for whom to encrypt, --recipient age1…, or --plain: then whoever "
                    "can read the target reads all repositories and secrets");
    if (!wanted.recipients.empty() && options.has("plain"))
        return fail(ErrorKind::usage, "backup init: --recipient encrypts and --plain does not; say one");
    std::string without = options.value("without").value_or("");
    if (!without.empty() && without != "runs" && without != "artifacts")
        return fail(ErrorKind::usage, "--without: '{}' is neither runs nor artifacts", visible(without));
    wanted.without_runs = without == "runs";
    wanted.without_artifacts = without == "artifacts";
    constexpr uint64_t most_days = 36500;
    wanted.keep_days = static_cast<int64_t>(TRY(Call::number(options, "keep-days", 30, most_days)));
    return wanted;
}

static std::string what_to_keep(const store::Root& root, const deliver::BackupSettings& settings,
                                const deliver::BackupKey& key)
{
    bool of_age = !settings.recipients.empty() && settings.recipients[0].starts_with("age1");
    std::string text = fmt::format("backup {} goes to {}", key.id, text::for_terminal(settings.target));
    text += settings.recipients.empty()
                ? ", not encrypted\n"
                : fmt::format(", encrypted for {}\n", text::for_terminal(join(settings.recipients, ", ")));
    text += fmt::format("\nkeep this elsewhere. it proves that a backup is yours, and it is in none:\n\n    {}\n",
                        key.text());
    if (!settings.recipients.empty())
        text += "\nkeep the secret half of the recipient's key there too: nothing here can decrypt.\n";
    text += fmt::format("\non an empty machine, with the key in a file:\n\n"
                        "    quire backup restore --key FILE {}{} {}\n"
                        "    quire --root {} fsck\n"
                        "    quire --root {} doctor --fix\n",
                        of_age ? "--identity FILE " : "", text::shell_quote(settings.target), root.path(), root.path(),
                        root.path());
    return text;
}

Result<int> verb_backup_init(const Call& call)
{
    cli::Options options = TRY(call.options());
    deliver::BackupSettings wanted = TRY(settings_of(options));
    store::Root root = TRY(call.root());
    deliver::BackupKey key = TRY(deliver::begin_backup(root, wanted));
    TRY(cli::print(
        what_to_keep(root, wanted, key) +
        "\nquire-runner stores everything now, and then each push; quire backup status tells how far it is\n"));
    return 0;
}

/// One repository that is broken keeps no other one from being stored, and is told of as loudly as if it did.
static Result<void> refuse_troubles(const deliver::Shipped& shipped)
{
    if (shipped.troubles.empty())
        return {};
    return fail(ErrorKind::system, "not stored: {}", join(shipped.troubles, "; "));
}

Result<int> verb_backup_now(const Call& call)
{
    TRY(call.options());
    store::Root root = TRY(call.root());
    deliver::Backup backup = TRY(deliver::Backup::open(root));
    deliver::Shipped shipped = TRY(deliver::ship(backup, deliver::Thorough::yes));
    TRY(cli::print(shipped.objects == 0
                       ? "nothing has changed\n"
                       : fmt::format("stored {} objects, {}\n", shipped.objects, cli::format_size(shipped.bytes))));
    TRY(refuse_troubles(shipped));
    return 0;
}

/// Somebody may want a mail of it. One that can't be told of shows in doctor all the same.
static void tell_failure(const store::Root& root, const std::string& target, const std::string& reason)
{
    auto told = store::add_notice(
        root, {.event = "backup-failed", .repo = std::nullopt, .subject = target, .at = now(), .reason = reason});
    if (!told)
        log("{}", told.error().message);
}

/// A network that is away for a minute is nobody's business: the third attempt in a row tells, and then one a day.
static bool is_worth_telling(const store::Root& root, const char* task)
{
    constexpr uint64_t first = 2, hours = 24;
    auto active = store::read_task(root, store::TaskPlace::active, task);
    return active && active->attempts >= first && (active->attempts - first) % hours == 0;
}

static Result<void> ship(const store::Root& root)
{
    deliver::Backup backup = TRY(deliver::Backup::open(root));
    deliver::Shipped shipped = TRY(deliver::ship(backup, deliver::Thorough::no));
    if (shipped.wants_compacting)
        TRY(store::add_task(root, {.kind = "backup-compact", .repo = std::nullopt}));
    return refuse_troubles(shipped);
}

/// A task: quiet unless it fails.
Result<int> verb_ship_backup(const Call& call)
{
    TRY(call.options());
    store::Root root = TRY(call.root());
    auto settings = TRY(deliver::read_backup_settings(root));
    if (!settings)
        return 0; // switched off since
    auto shipped = ship(root);
    if (!shipped && is_worth_telling(root, "backup"))
        tell_failure(root, settings->target, shipped.error().message);
    TRY(std::move(shipped));
    return 0;
}
Result<int> verb_backup_compact(const Call& call)
{
    TRY(call.options());
    store::Root root = TRY(call.root());
    deliver::Backup backup = TRY(deliver::Backup::open(root));
    deliver::Shipped shipped = TRY(deliver::begin_generation(backup));
    TRY(refuse_troubles(shipped));
    TRY(cli::print(
        fmt::format("a new generation of {} objects, {}\n", shipped.objects, cli::format_size(shipped.bytes))));
    return 0;
}

static Result<deliver::BackupCheck> check(const Call& call, deliver::Extent extent)
{
    store::Root root = TRY(call.root());
    deliver::Backup backup = TRY(deliver::Backup::open(root));
    return deliver::check_backup(backup, extent, usual_sample);
}

Result<int> verb_backup_verify(const Call& call)
{
    cli::Options options = TRY(call.options());
    auto found = TRY(check(call, options.has("all") ? deliver::Extent::whole : deliver::Extent::sample));
    std::string text;
    for (const std::string& fault : found.faults)
        text += text::for_terminal(fault) + "\n";
    text +=
        fmt::format("{} objects are to be there, {} were read back: {}\n", found.objects, found.read,
                    found.faults.empty() ? "all are what was stored" : fmt::format("{} faults", found.faults.size()));
    text::Data data{text::Data::Table{}};
    data.set("objects", found.objects);
    data.set("read", found.read);
    data.set("faults", text::Data::Sequence(found.faults.begin(), found.faults.end()));
    TRY(cli::print(options.has("json") ? text::write_json(data) + "\n" : text));
    return found.faults.empty() ? cli::exit_yes : cli::exit_no;
}

/// A task: what it found is kept, and the failure is its last line.
Result<int> verb_check_backup(const Call& call)
{
    TRY(call.options());
    store::Root root = TRY(call.root());
    auto settings = TRY(deliver::read_backup_settings(root));
    if (!settings)
        return 0;
    auto found = TRY(check(call, deliver::Extent::sample));
    if (found.faults.empty())
        return cli::exit_yes;
    std::string more = found.faults.size() > 1 ? fmt::format(", and {} more faults", found.faults.size() - 1) : "";
    std::string reason = fmt::format("the backup is damaged: {}{}", found.faults[0], more);
    tell_failure(root, settings->target, reason);
    log("{}", reason);
    return cli::exit_no;
}

static Result<std::vector<std::string>> archive_into(const store::Root& root, const std::string& path)
{
    std::vector<std::string> complaints;
    if (path == "-") {
        TRY(deliver::write_archive(root, STDOUT_FILENO, complaints));
        return complaints;
    }
    size_t slash = path.rfind('/');
    UniqueFd directory = TRY(sys::open_directory(AT_FDCWD, slash == 0 ? "/" : path.substr(0, slash)));
    std::string name = path.substr(slash + 1);
    if (name.empty() || sys::exists(directory.get(), name))
        return fail(ErrorKind::exists, "{} is there already; name a new file", path);
    std::string temporary = "." + sys::unique_name(name) + ".tmp";
    UniqueFd file = TRY(sys::open_at(directory.get(), temporary, O_RDWR | O_CREAT | O_EXCL, 0600));
    auto written = [&]() -> Result<void> {
        TRY(deliver::write_archive(root, file.get(), complaints));
        TRY(sys::sync_file(file.get(), path));
        TRY(sys::rename_noreplace(directory.get(), temporary, directory.get(), name));
        return sys::sync_directory(directory.get(), ".");
    }();
    if (!written) {
        (void)sys::unlink_at(directory.get(), temporary);
        return with_context(std::move(written).error(), path);
    }
    return complaints;
}

Result<int> verb_backup(const Call& call)
{
    cli::Options options = TRY(call.options());
    const std::string& path = options.operands()[0];
    if (path != "-" && path.find('/') == std::string::npos)
        return fail(ErrorKind::usage,
                    "backup: '{0}' is no verb; a file is named with a slash, ./{0}, and - is standard "
                    "output",
                    visible(path));
    store::Root root = TRY(call.root());
    auto complaints = TRY(archive_into(root, path));
    for (const std::string& complaint : complaints)
        log("in the archive as it is in {}: {}", root.path(), complaint);
    return complaints.empty() ? cli::exit_yes : cli::exit_no;
}

} // namespace quire::tool
