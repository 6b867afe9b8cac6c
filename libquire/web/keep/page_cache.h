// PageCache: pages as they were sent, as long as what they depend on (depends_on.h) stays as it was.
//
// A page is found by its key, which is its whole address and whether its reader is logged in, together with the state
// of what it depends on (states.h). Where a page shows how runs of commits stand, that is a part of its state, too; the
// commits are remembered by its key. Pages are kept in memory (cached.h); those that are too large, or take long to
// make, are also on disk (page_store.h). Several threads may use it.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/cached.h"
#include "http/response.h"
#include "web/keep/commit_runs.h"
#include "web/keep/page_store.h"
#include "web/keep/turns.h"

namespace quire::web {

/// For whom a page was made, and what it cost in nanoseconds of processor time.
struct Making {
    bool is_anonymous = true;
    int64_t cost = 0;
};

class PageCache {
public:
    explicit PageCache(const store::Root& root) : m_store(root) {}

    /// Whether there is such a page, even if it is out of date.
    bool has(const std::string& key) { return m_pages.has(key); }
    std::optional<http::Response> find(const std::string& key, const std::string& state);
    /// Finds a page on disk. Not for event threads.
    std::optional<http::Response> find_stored(const std::string& key, const std::string& state, bool accepts_gzip);
    /// The runs that the page shows, if it shows any and was made since this program started.
    std::shared_ptr<const ShownRuns> shown_runs(const std::string& key) { return m_shown_runs.find(key); }
    std::shared_ptr<const ShownRuns> keep_shown_runs(const std::string& key, ShownRuns shown);
    void keep(const std::string& key, const std::string& state, const http::Response& response, const Making& making);
    /// By key: who makes a page now.
    Turns& turns() { return m_turns; }

private:
    bool is_asked_for_again(const std::string& key);

    static constexpr size_t max_bytes = 20u << 20;
    static constexpr size_t max_page = 1u << 20;
    static constexpr size_t max_bytes_of_runs = 2u << 20;
    Cached<http::Response> m_pages{max_bytes};
    Cached<ShownRuns> m_shown_runs{max_bytes_of_runs};
    PageStore m_store;
    Turns m_turns;
    std::mutex m_mutex;        ///< for m_made
    std::deque<size_t> m_made; ///< hashes of keys that anonymous readers asked for and that are not on disk
};

} // namespace quire::web
