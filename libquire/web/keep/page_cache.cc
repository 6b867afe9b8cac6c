#include "web/keep/page_cache.h"

#include <algorithm>

#include "base/time.h"

namespace quire::web {

/// A page's entries in lists and maps, and its headers in each form it was sent in.
constexpr size_t page_overhead = 6000;
/// What was made for who is logged in outlasts on disk what others asked for, by so much.
constexpr Instant head_start = 3600 * nanoseconds_per_second;
/// What takes longer to make than a page takes to be read from disk.
constexpr int64_t long_making = 10'000'000;

std::optional<http::Response> PageCache::find(const std::string& key, const std::string& state)
{
    auto found = m_pages.find(key, state);
    return found ? std::optional(*found) : std::nullopt;
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

std::shared_ptr<const ShownRuns> PageCache::keep_shown_runs(const std::string& key, ShownRuns shown)
{
    size_t bytes = shown.commits.size() * sizeof(git_oid) + shown.state.size();
    return m_shown_runs.keep(key, {std::move(shown), bytes});
}

void PageCache::keep(const std::string& key, const std::string& state, const http::Response& response,
                     const Making& making)
{
    if (response.status != 200 || response.stream || response.rest || response.caching == http::Caching::none)
        return;
    size_t bytes = response.body->size() + (response.gzipped ? response.gzipped->size() : 0) + page_overhead;
    bool is_for_disk = bytes > max_page || making.cost > long_making;
    if (is_for_disk && (!making.is_anonymous || is_asked_for_again(key))) {
        http::Response stored = response; // in both forms
        http::compress_body(stored);
        m_store.keep(key, state, stored, now() - (making.is_anonymous ? head_start : 0));
    }
    if (bytes > max_page)
        return;
    http::Response page = response;
    page.body = std::make_shared<const std::string>(*response.body); // without the room that it grew in
    http::share_forms(page);
    m_pages.keep(key, {std::move(page), bytes}, state, making.is_anonymous ? Standing::fresh : Standing::proven);
}

} // namespace quire::web
