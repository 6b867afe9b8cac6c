#include "history/kept_blames.h"

#include <algorithm>

#include "base/sha256.h"
#include "history/ignored_commits.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::history {

constexpr size_t max_blame = 64u << 20;

static std::string key_of(const git_oid& commit, std::string_view path, const IgnoredCommits* ignored)
{
    std::string key(reinterpret_cast<const char*>(commit.id), GIT_OID_RAWSZ);
    if (ignored && !ignored->is_empty())
        key += ignored->name();
    else
        key += std::string(32, '\0');
    return key.append(path);
}

static std::string file_name(const std::string& key) { return sha256_hex(key); }

static size_t size_of(const Blame& blame)
{
    size_t bytes = sizeof blame + blame.spans.size() * sizeof(Blame::Span);
    for (const Blame::Origin& origin : blame.origins)
        bytes += sizeof origin + origin.author.size() + origin.subject.size();
    for (const std::string& path : blame.paths)
        bytes += sizeof path + path.size();
    return bytes;
}

KeptBlames::KeptBlames(UniqueFd directory, KeptLimits limits) : m_limits(limits), m_directory(std::move(directory))
{
    if (m_directory)
        sys::sweep_temporaries(m_directory.get(), ".");
}

std::shared_ptr<const Blame> KeptBlames::find_in_memory(const std::string& key)
{
    std::lock_guard lock(m_mutex);
    auto found = m_by_key.find(key);
    if (found == m_by_key.end())
        return nullptr;
    m_items.splice(m_items.begin(), m_items, found->second);
    return found->second->blame;
}

std::shared_ptr<const Blame> KeptBlames::find(const git_oid& commit, std::string_view path,
                                              const IgnoredCommits* ignored)
{
    std::string key = key_of(commit, path, ignored);
    auto found = find_in_memory(key);
    if (found || !m_directory)
        return found;
    found = read(key);
    if (found)
        remember(key, found);
    return found;
}

std::shared_ptr<const Blame> KeptBlames::read(const std::string& key)
{
    std::string name = file_name(key);
    auto file = sys::open_regular(m_directory.get(), name);
    if (!file)
        return nullptr;
    auto bytes = sys::read_all(file->get(), max_blame, name);
    auto blame = bytes ? decode(*bytes, key) : std::nullopt;
    if (!blame) {
        (void)sys::unlink_at(m_directory.get(), name);
        return nullptr;
    }
    (void)sys::set_modified(file->get(), now(), name); // it was used just now, so it is removed last
    return std::make_shared<const Blame>(std::move(*blame));
}

void KeptBlames::remember(const std::string& key, std::shared_ptr<const Blame> blame)
{
    constexpr size_t overhead = 300;
    size_t bytes = size_of(*blame) + 2 * key.size() + overhead;
    if (bytes > m_limits.memory / 2)
        return;
    std::lock_guard lock(m_mutex);
    if (m_by_key.contains(key))
        return;
    m_items.push_front({key, std::move(blame), bytes});
    m_by_key[key] = m_items.begin();
    m_bytes += bytes;
    for (; m_bytes > m_limits.memory; m_items.pop_back()) {
        m_bytes -= m_items.back().bytes;
        m_by_key.erase(m_items.back().key);
    }
}

void KeptBlames::keep(std::string_view path, const IgnoredCommits* ignored, const Blame& blame)
{
    std::string key = key_of(blame.commit, path, ignored);
    remember(key, std::make_shared<const Blame>(blame));
    if (!m_directory)
        return;
    std::string bytes = encode(blame, key);
    if (bytes.size() > m_limits.disk / 2 || bytes.size() > max_blame)
        return;
    make_room(bytes.size());
    // A full disk must not keep the blame from being shown; it is cached another time.
    (void)sys::replace_file_unsynced(m_directory.get(), file_name(key), bytes, 0600);
}

/// Removes the least recently used files, a quarter of all at once.
void KeptBlames::make_room(uint64_t bytes)
{
    std::lock_guard lock(m_mutex);
    if (m_disk_bytes && *m_disk_bytes + bytes <= m_limits.disk) {
        *m_disk_bytes += bytes;
        return;
    }
    struct Kept {
        Instant used_at = 0;
        uint64_t size = 0;
        std::string name;
    };
    std::vector<Kept> all;
    uint64_t total = bytes;
    auto names = sys::list_directory(m_directory.get(), ".");
    if (!names)
        return;
    for (const std::string& name : *names) {
        auto status = sys::stat_at(m_directory.get(), name);
        if (!status || !*status)
            continue;
        all.push_back({sys::modified_at(**status), static_cast<uint64_t>((*status)->st_size), name});
        total += all.back().size;
    }
    if (total > m_limits.disk) {
        std::sort(all.begin(), all.end(), [](const Kept& a, const Kept& b) { return a.used_at < b.used_at; });
        for (const Kept& one : all) {
            if (total <= m_limits.disk / 4 * 3)
                break;
            (void)sys::unlink_at(m_directory.get(), one.name);
            total -= one.size;
        }
    }
    m_disk_bytes = total;
}

} // namespace quire::history
