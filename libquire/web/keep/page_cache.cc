#include "web/keep/page_cache.h"

#include <algorithm>

#include "store/root.h"
#include "sys/file.h"
#include "sys/stamp.h"

namespace quire::web {

/// Coarser than any clock that the kernel stamps files with.
constexpr Instant clock_tick = nanoseconds_per_second / 50;
constexpr size_t max_directories = 2000;
constexpr size_t max_repositories = 4096;
/// A page's entries in lists and maps, and its headers in each form it was sent in.
constexpr size_t page_overhead = 6000;

/// Adds the path's stamp; `newest` is the latest time met.
static void add_stamp(std::string& stamps, int repository, const std::string& path, Instant& newest)
{
    auto stamp = sys::stamp_at(repository, path);
    if (!stamp || !*stamp) {
        stamps += "-;";
        return;
    }
    newest = std::max({newest, (*stamp)->modified, (*stamp)->changed});
    stamps += (*stamp)->str() + ";";
}

static std::string stamps_of(int repository, const std::vector<std::string>& paths, Instant& newest)
{
    std::string stamps;
    for (const std::string& path : paths)
        add_stamp(stamps, repository, path, newest);
    return stamps;
}

/// False when there are too many to watch.
static bool find_directories(int repository, std::vector<std::string>& paths)
{
    paths = {"refs/heads", "refs/tags", "refs/notes"};
    for (size_t i = 0; i < paths.size(); ++i) {
        std::string parent = paths[i];
        for (const std::string& name : sys::list_directory(repository, parent).value_or({})) {
            auto status = sys::stat_at(repository, parent + "/" + name);
            if (status && *status && S_ISDIR((*status)->st_mode))
                paths.push_back(parent + "/" + name);
        }
        if (paths.size() > max_directories)
            return false;
    }
    return true;
}

std::optional<std::string> PageCache::state_of(int repository)
{
    auto stamp = sys::stamp_at(repository, ".");
    if (!stamp || !*stamp)
        return std::nullopt;
    std::pair<uint64_t, uint64_t> identity((*stamp)->device, (*stamp)->inode);
    Directories known;
    {
        std::lock_guard lock(m_mutex);
        known = m_directories[identity];
    }
    Instant newest = 0;
    std::string stamps = stamps_of(repository, known.paths, newest);
    if (known.paths.empty() || stamps != known.stamps) {
        if (!find_directories(repository, known.paths))
            return std::nullopt;
        known.stamps = stamps = stamps_of(repository, known.paths, newest);
        std::lock_guard lock(m_mutex);
        if (m_directories.size() > max_repositories)
            m_directories.clear();
        m_directories[identity] = known;
    }
    std::string state = fmt::format("{}.{};", identity.first, identity.second);
    for (const char* path : {"HEAD", "packed-refs", store::paths::repository_config})
        add_stamp(state, repository, path, newest);
    state += stamps;
    bool is_settled = newest + clock_tick < now();
    return is_settled ? std::optional(std::move(state)) : std::nullopt;
}

bool PageCache::has(const std::string& key)
{
    std::lock_guard lock(m_mutex);
    return m_by_key.contains(key);
}

std::optional<http::Response> PageCache::find(const std::string& key, const std::string& state)
{
    std::lock_guard lock(m_mutex);
    auto found = m_by_key.find(key);
    if (found == m_by_key.end() || found->second->state != state)
        return std::nullopt;
    m_pages.splice(m_pages.begin(), m_pages, found->second);
    return found->second->response;
}

void PageCache::keep(const std::string& key, const std::string& state, const http::Response& response)
{
    size_t bytes = response.body->size() + (response.gzipped ? response.gzipped->size() : 0) + 2 * key.size() +
                   state.size() + page_overhead;
    if (response.status != 200 || response.stream || response.caching == http::Caching::none || bytes > max_page)
        return;
    std::lock_guard lock(m_mutex);
    if (auto old = m_by_key.find(key); old != m_by_key.end()) {
        m_pages.splice(m_pages.end(), m_pages, old->second);
        drop_last();
    }
    m_pages.push_front({key, state, response, bytes});
    http::Response& kept = m_pages.front().response;
    kept.body = std::make_shared<const std::string>(*kept.body); // without the room that it grew in
    http::share_forms(kept);
    m_by_key[key] = m_pages.begin();
    m_bytes += bytes;
    while (m_bytes > max_bytes)
        drop_last();
}

void PageCache::drop_last()
{
    m_bytes -= m_pages.back().bytes;
    m_by_key.erase(m_pages.back().key);
    m_pages.pop_back();
}

} // namespace quire::web
