#include "forge/upkeep.h"

#include <set>

#include "base/log.h"
#include "base/strings.h"
#include "forge/unfinished_objects.h"
#include "git/git.h"
#include "store/push_log.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"

namespace quire::forge {

constexpr std::string_view kept_namespace = "refs/quire/kept/";
/// If there were more pushes than this in 90 days, the reflog still has the older tips.
constexpr size_t most_log_entries = 100'000;
/// More refs than this in files of their own are packed. Every page and every run asks for the state of each; to pack a
/// few after each push would only write a large file again and again.
constexpr size_t most_loose_refs = 100;
constexpr int deepest_ref = 20;
/// Packs whose indexes are larger than this, for some 4,500 objects, are to have a reachability bitmap.
constexpr uint64_t small_indexes = 128u << 10;

/// The ids of commits that pushes after `since` moved a ref away from.
static Result<std::set<std::string>> abandoned_tips(int repository, Instant since)
{
    std::set<std::string> tips;
    for (const store::PushLogEntry& entry : TRY(store::read_push_log(repository, most_log_entries))) {
        if (entry.at < since)
            break; // newest first
        bool deleted = entry.new_id.find_first_not_of('0') == std::string::npos;
        if ((deleted || entry.forced) && from_hex(entry.old_id))
            tips.insert(entry.old_id);
    }
    return tips;
}

/// Reflogs keep what a force-push replaced, but a deleted ref loses its reflog, and gc would drop objects by the age of
/// their files. A pin for each abandoned tip makes the 90 days exact.
static Result<void> pin_abandoned(int repository)
{
    Instant since = now() - days_kept * 24 * 3600 * nanoseconds_per_second;
    std::set<std::string> wanted = TRY(abandoned_tips(repository, since));
    std::string commands;
    std::string pins = TRY(git::run_ok(repository, {"for-each-ref", "--format=%(refname)", "refs/quire/kept"}));
    for (std::string_view ref : split(pins, '\n')) {
        std::string_view id = ref;
        if (!strip_prefix(id, kept_namespace))
            continue;
        if (wanted.erase(std::string(id)) == 0)
            commands += fmt::format("delete {}\n", ref);
    }
    // A single process handles all pins. A tip whose object is gone must not spoil the others.
    if (!wanted.empty()) {
        std::string asked;
        for (const std::string& id : wanted)
            asked += id + "\n";
        std::string answers =
            TRY(git::run_ok(repository, {"cat-file", "--batch-check=%(objectname)"}, {.input = asked}));
        for (std::string_view id : split(answers, '\n'))
            if (wanted.contains(std::string(id)))
                commands += fmt::format("create {}{} {}\n", kept_namespace, id, id);
    }
    if (commands.empty())
        return {};
    TRY(git::run_ok(repository, {"update-ref", "--stdin"}, {.input = commands}));
    return {};
}

/// How many refs have a file of their own below the directory, counted up to the limit.
static size_t count_loose_refs(int repository, const std::string& directory, int depth, size_t limit)
{
    size_t count = 0;
    auto names = sys::list_directory(repository, directory);
    if (!names || depth == deepest_ref)
        return 0;
    for (const std::string& name : *names) {
        std::string path = directory + "/" + name;
        auto status = sys::stat_at(repository, path);
        if (!status || !*status)
            continue; // deleted meanwhile
        count += S_ISDIR((*status)->st_mode) ? count_loose_refs(repository, path, depth + 1, limit - count) : 1;
        if (count >= limit)
            break;
    }
    return count;
}

struct Packs {
    uint64_t indexes = 0; ///< bytes
    bool have_bitmap = false;
};

static Result<Packs> look_at_packs(int repository)
{
    Packs packs;
    for (const std::string& name : TRY(sys::list_directory(repository, "objects/pack"))) {
        packs.have_bitmap = packs.have_bitmap || name.ends_with(".bitmap");
        auto status = name.ends_with(".idx") ? TRY(sys::stat_at(repository, "objects/pack/" + name)) : std::nullopt;
        packs.indexes += status ? static_cast<uint64_t>(status->st_size) : 0;
    }
    return packs;
}

/// Whether each clone walks through all history, because no gc has made a bitmap since the repository became large. git
/// may have its reasons to make none (a setting, a pack that is to be kept). Then gc would pack everything at each push
/// in vain; it tries again when there is twice as much.
static Result<bool> wants_bitmap(int repository)
{
    if (sys::exists(repository, "objects/info/alternates"))
        return false; // git makes none
    Packs packs = TRY(look_at_packs(repository));
    if (packs.have_bitmap || packs.indexes <= small_indexes)
        return false;
    auto tried = sys::read_file(repository, store::paths::without_bitmap);
    return !tried || packs.indexes > 2 * parse_decimal(trim(*tried)).value_or(0);
}

static Result<void> note_lack_of_bitmap(int repository)
{
    Packs packs = TRY(look_at_packs(repository));
    const std::string path = store::paths::without_bitmap;
    if (packs.have_bitmap)
        return sys::exists(repository, path) ? sys::unlink_at(repository, path) : Result<void>();
    UniqueFd directory = TRY(sys::open_directory(repository, store::paths::repository_settings));
    return sys::replace_file_unsynced(directory.get(), path.substr(path.rfind('/') + 1),
                                      fmt::format("{}\n", packs.indexes));
}

static void remove_unfinished(int repository, const store::RepoName& name)
{
    constexpr int64_t day = 24 * 3600 * nanoseconds_per_second;
    for (const std::string& path : unfinished_objects(repository, now() - day))
        if (sys::remove_tree(repository, path))
            log("{}: {} was left a day ago by a git that was killed; it is removed", name.str(), visible(path));
}

Result<void> upkeep(const store::Root& root, const store::RepoName& name)
{
    UniqueFd repository = TRY(root.open_repository(name));
    // Two at the same time would only do the work twice.
    auto lock = TRY(sys::FileLock::try_acquire(repository.get(), store::paths::upkeep_lock));
    if (!lock)
        return {};
    remove_unfinished(repository.get(), name);
    TRY(pin_abandoned(repository.get()));
    TRY(git::run_ok(repository.get(),
                    {"commit-graph", "write", "--reachable", "--changed-paths", "--split", "--no-progress"}));
    if (count_loose_refs(repository.get(), "refs", 0, most_loose_refs + 1) > most_loose_refs)
        TRY(git::run_ok(repository.get(), {"pack-refs", "--all"}));
    // The shared config forbids git to pack by itself (gc.auto=0); this command may.
    std::string expire = fmt::format("--prune={}.days.ago", days_kept);
    std::vector<std::string> gc = {
        "-c",      "gc.auto=2000", "-c",  "gc.autoPackLimit=20", "-c", "gc.autoDetach=false", "gc",
        "--quiet", "--cruft",      expire};
    bool wants = TRY(wants_bitmap(repository.get()));
    if (!wants)
        gc.push_back("--auto");
    TRY(git::run_ok(repository.get(), gc));
    if (wants)
        TRY(note_lack_of_bitmap(repository.get()));
    return {};
}

} // namespace quire::forge
