#include "deliver/backup_begin.h"

#include "base/strings.h"
#include "deliver/backup_seal.h"
#include "deliver/helper.h"
#include "store/task.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::deliver {

namespace paths = store::paths;

/// Stores a small object as the backup itself will, encrypted if it is to be, and takes it back.
static Result<void> try_target(const store::Root& root, BackupTarget& target, const BackupKey& key,
                               const std::vector<std::string>& recipients)
{
    UniqueFd spool = TRY(sys::open_directory(root.fd(), paths::backup_spool));
    UniqueFd payload = TRY(scratch_in(spool.get()));
    TRY(sys::write_all(payload.get(), "a try\n"));
    UniqueFd object = TRY(scratch_in(spool.get()));
    TRY(seal(key, {.generation = 1, .number = 1, .at = now()}, payload.get(), recipients, object.get()));
    std::string name = fmt::format("quire-{}-try", key.id);
    TRY(target.store(name, object.get(), ""));
    auto listed = TRY(target.list());
    uint64_t size = static_cast<uint64_t>(TRY(sys::stamp_of(object.get(), name)).size);
    if (!listed.contains(name) || listed[name] != size)
        return fail(ErrorKind::system, "{} took {} and does not list it with its size, {}", target.shown(), name, size);
    UniqueFd back = TRY(scratch_in(spool.get()));
    TRY(target.fetch(name, back.get()));
    if (auto same = check_seal(key, back.get()); !same)
        return fail(ErrorKind::system, "{} does not give back what it was given: {}", target.shown(),
                    same.error().message);
    (void)target.drop(name); // one that keeps everything is welcome
    return {};
}

static std::string inside_directory(std::string_view path)
{
    return std::string(path.substr(std::string_view(paths::backup_directory).size() + 1));
}

Result<BackupKey> begin_backup(const store::Root& root, BackupSettings wanted)
{
    if (TRY(read_backup_settings(root)))
        return fail(ErrorKind::exists, "there is a backup already; remove {} to begin another one",
                    root.absolute(paths::backup_settings));
    TRY(cipher_for(wanted.recipients));
    auto target = TRY(open_backup_target(wanted.target));
    TRY(sys::make_directories(root.fd(), paths::backup_spool, 0700));
    BackupKey key = TRY(BackupKey::make());
    wanted.id = key.id;
    TRY(try_target(root, *target, key, wanted.recipients));
    // What is known of an earlier backup is not true of this one.
    TRY(sys::remove_tree(root.fd(), paths::backup_generations));
    TRY(sys::remove_tree(root.fd(), paths::backup_checked));
    UniqueFd directory = TRY(sys::open_directory(root.fd(), paths::backup_directory));
    TRY(sys::replace_file(directory.get(), inside_directory(paths::backup_key), key.text() + "\n", 0600));
    TRY(write_backup_settings(root, wanted));
    TRY(store::add_task(root, {.kind = "backup", .repo = std::nullopt}));
    return key;
}

} // namespace quire::deliver
