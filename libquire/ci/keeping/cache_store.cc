#include "ci/keeping/cache_store.h"

#include <fcntl.h>

#include <algorithm>

#include "base/sha256.h"
#include "base/strings.h"
#include "base/time.h"
#include "ci/keeping/cache_tree.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "sys/stamp.h"
#include "text/escape.h"

namespace quire::ci {

constexpr std::string_view entry_suffix = ".tar";
constexpr std::string_view temporary_suffix = ".saving";

static std::string entry_of(const std::string& name) { return name + std::string(entry_suffix); }
static std::string temporary_of(const std::string& name) { return fmt::format(".{}{}", name, temporary_suffix); }

Result<void> check_cache_paths(const std::vector<std::string>& paths)
{
    for (const std::string& path : paths) {
        std::vector<std::string_view> components = split(path, '/');
        for (std::string_view component : components)
            if (component.empty() || component == "." || component == ".." || components[0] == ".git")
                return fail(ErrorKind::invalid,
                            "cache: the path '{}' must lead below the workspace, without '.', '..', "
                            "a slash at either end, or .git",
                            path);
    }
    return {};
}

std::string CacheStore::name_of(const std::string& key, Key kind)
{
    constexpr size_t longest = 200; // of 255 bytes, to leave room for suffixes
    std::string name = text::percent_encode(key);
    return kind == Key::plain && name.size() <= longest && !name.starts_with('.') ? name : "sha256-" + sha256_hex(key);
}

Result<CacheStore> CacheStore::open(const std::string& directory, uint64_t limit)
{
    TRY(sys::make_directories(AT_FDCWD, directory, 0700));
    return CacheStore(TRY(sys::open_directory(AT_FDCWD, directory)), limit);
}

Result<CacheOutcome> CacheStore::restore(int workspace, const std::string& name, const std::vector<std::string>& paths)
{
    auto entry = sys::open_at(m_directory.get(), entry_of(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!entry && entry.error().kind == ErrorKind::not_found)
        return CacheOutcome{false, "nothing is kept under this key"};
    if (!entry)
        return CacheOutcome{false, entry.error().message};
    auto unpacked = unpack_tree(entry->get(), workspace, paths);
    if (!unpacked && unpacked.error().kind == ErrorKind::invalid) {
        // The entry is useless; the next save makes it anew.
        TRY(sys::unlink_at(m_directory.get(), entry_of(name)));
        return CacheOutcome{false, unpacked.error().message};
    }
    if (!unpacked)
        return Unexpected(std::move(unpacked).error());
    if (unpacked->other_paths)
        return CacheOutcome{false, "what is kept under this key is of other paths"};
    static_cast<void>(sys::set_modified(entry->get(), now(), name).has_value()); // its age counts from this use
    return CacheOutcome{true, fmt::format("{} files, {} bytes", unpacked->files, unpacked->bytes)};
}

enum class Wanted { empty, as_it_is };

/// Makes and locks a temporary of that name; nullopt if somebody else is making it.
static Result<std::optional<sys::FileLock>> claim(int directory, const std::string& temporary, Wanted wanted)
{
    for (int attempt = 0; attempt < 10; ++attempt) {
        auto lock = TRY(sys::FileLock::try_adopt(
            TRY(sys::open_at(directory, temporary, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600)), temporary));
        if (!lock)
            return std::optional<sys::FileLock>();
        // Between our open and our lock, its maker may have renamed it into place, or a sweep may have removed it.
        sys::Stamp held = TRY(sys::stamp_of(lock->fd(), temporary));
        auto named = TRY(sys::stamp_at(directory, temporary));
        if (!named || !named->same_file(held))
            continue;
        if (held.size == 0 || wanted == Wanted::as_it_is)
            return lock;
        TRY(sys::unlink_at(directory, temporary)); // its maker died
    }
    return std::optional<sys::FileLock>();
}

void CacheStore::sweep()
{
    auto names = sys::list_directory(m_directory.get(), ".");
    if (!names)
        return;
    for (const std::string& name : *names) {
        if (!name.starts_with('.') || !name.ends_with(temporary_suffix))
            continue;
        auto lock = claim(m_directory.get(), name, Wanted::as_it_is);
        if (lock && *lock)
            static_cast<void>(sys::unlink_at(m_directory.get(), name).has_value());
    }
}

Result<CacheOutcome> CacheStore::save(int workspace, const std::string& name, const std::vector<std::string>& paths)
{
    sweep();
    std::string temporary = temporary_of(name);
    auto lock = TRY(claim(m_directory.get(), temporary, Wanted::empty));
    if (!lock)
        return CacheOutcome{false, "another run is keeping it"};
    auto saved = fill(lock->fd(), workspace, name, paths);
    if (saved && saved->done)
        saved = [&]() -> Result<CacheOutcome> {
            TRY(sys::rename_at(m_directory.get(), temporary, m_directory.get(), entry_of(name)));
            TRY(sys::sync_directory(m_directory.get(), "."));
            return *saved;
        }();
    if (!saved || !saved->done)
        static_cast<void>(sys::unlink_at(m_directory.get(), temporary).has_value());
    return saved;
}

Result<CacheOutcome> CacheStore::fill(int archive, int workspace, const std::string& name,
                                      const std::vector<std::string>& paths)
{
    PackedTree packed = TRY(pack_tree(workspace, paths, archive, m_limit));
    if (packed.too_large)
        return CacheOutcome{false, fmt::format("it is larger than the cache may be, {} bytes", m_limit)};
    if (packed.entries == 0)
        return CacheOutcome{false, "none of its paths is there"};
    TRY(sys::sync_data(archive, name));
    TRY(make_room(name, packed.size));
    return CacheOutcome{true, fmt::format("{} bytes{}", packed.size,
                                          packed.missing.empty() ? "" : "; not there: " + join(packed.missing, ", "))};
}

Result<void> CacheStore::make_room(const std::string& name, uint64_t size)
{
    struct Entry {
        Instant used;
        uint64_t size;
        std::string name;
    };
    std::vector<Entry> entries;
    uint64_t total = size;
    for (const std::string& other : TRY(sys::list_directory(m_directory.get(), "."))) {
        auto status = TRY(sys::stat_at(m_directory.get(), other));
        if (!status || !S_ISREG(status->st_mode) || !other.ends_with(entry_suffix) || other == entry_of(name))
            continue;
        entries.push_back({sys::modified_at(*status), static_cast<uint64_t>(status->st_size), other});
        total += entries.back().size;
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.used < b.used; });
    for (const Entry& entry : entries) {
        if (total <= m_limit)
            break;
        auto removed = sys::unlink_at(m_directory.get(), entry.name);
        if (!removed && removed.error().kind != ErrorKind::not_found)
            return removed;
        total -= entry.size;
    }
    return {};
}

} // namespace quire::ci
