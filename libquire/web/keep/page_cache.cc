#include "web/keep/page_cache.h"

#include <algorithm>

#include "store/mirror.h"
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
/// What was made for who is logged in outlasts on disk what others asked for, by so much.
constexpr Instant head_start = 3600 * nanoseconds_per_second;
/// What takes longer to make than a page takes to be read from disk.
constexpr int64_t long_making = 10'000'000;

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

std::optional<std::string> PageCache::state_of(int repository, MadeOf made_of)
{
    auto stamp = sys::stamp_at(repository, ".");
    if (!stamp || !*stamp)
        return std::nullopt;
    std::pair<uint64_t, uint64_t> identity((*stamp)->device, (*stamp)->inode);
    std::string state = fmt::format("{}.{};", identity.first, identity.second);
    Instant newest = 0;
    auto if_settled = [&] { return newest + clock_tick < now() ? std::optional(std::move(state)) : std::nullopt; };
    add_stamp(state, repository, store::paths::repository_config, newest);
    if (made_of == MadeOf::objects)
        return if_settled();
    Directories known;
    {
        std::lock_guard lock(m_mutex);
        known = m_directories[identity];
    }
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
    for (const char* path : {"HEAD", "packed-refs", store::paths::mirrors})
        add_stamp(state, repository, path, newest);
    state += stamps;
    return if_settled();
}

bool PageCache::has(const std::string& key)
{
    std::lock_guard lock(m_mutex);
    return m_pages.has(key);
}

std::optional<http::Response> PageCache::find(const std::string& key, const std::string& state)
{
    std::lock_guard lock(m_mutex);
    const Page* found = m_pages.find(key);
    return found && found->state == state ? std::optional(found->response) : std::nullopt;
}

std::optional<http::Response> PageCache::find_stored(const std::string& key, const std::string& state,
                                                     bool accepts_gzip)
{
    return m_store.find(key, state, accepts_gzip);
}

/// The disk gets what an anonymous reader asked for when somebody has asked for it before, lately.
bool PageCache::is_asked_for_again(const std::string& key)
{
    constexpr size_t remembered = 4096;
    size_t hash = std::hash<std::string>()(key);
    std::lock_guard lock(m_mutex);
    if (std::find(m_made.begin(), m_made.end(), hash) != m_made.end())
        return true;
    m_made.push_back(hash);
    if (m_made.size() > remembered)
        m_made.pop_front();
    return false;
}

std::shared_ptr<const ShownRuns> PageCache::shown_runs(const std::string& key)
{
    std::lock_guard lock(m_mutex);
    const auto* found = m_shown_runs.find(key);
    return found ? *found : nullptr;
}

std::shared_ptr<const ShownRuns> PageCache::keep_shown_runs(const std::string& key, ShownRuns shown)
{
    constexpr size_t overhead = 300;
    size_t bytes = shown.commits.size() * sizeof(git_oid) + shown.state.size() + 2 * key.size() + overhead;
    auto shared = std::make_shared<const ShownRuns>(std::move(shown));
    std::list<std::shared_ptr<const ShownRuns>> dropped; // ends behind the lock
    std::lock_guard lock(m_mutex);
    dropped = m_shown_runs.put(key, shared, bytes);
    return shared;
}

void PageCache::keep(const std::string& key, const std::string& state, const http::Response& response,
                     const Making& making)
{
    if (response.status != 200 || response.stream || response.caching == http::Caching::none)
        return;
    size_t bytes = response.body->size() + (response.gzipped ? response.gzipped->size() : 0) + 2 * key.size() +
                   state.size() + page_overhead;
    bool is_for_disk = bytes > max_page || making.cost > long_making;
    if (is_for_disk && (!making.is_anonymous || is_asked_for_again(key)))
        m_store.keep(key, state, response, now() - (making.is_anonymous ? head_start : 0));
    if (bytes > max_page)
        return;
    Page page{state, response};
    page.response.body = std::make_shared<const std::string>(*response.body); // without the room that it grew in
    http::share_forms(page.response);
    std::list<Page> dropped; // ends behind the lock
    std::lock_guard lock(m_mutex);
    dropped = m_pages.put(key, std::move(page), bytes, making.is_anonymous ? Standing::fresh : Standing::proven);
}

} // namespace quire::web
