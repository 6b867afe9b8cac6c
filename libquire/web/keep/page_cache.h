// PageCache: pages of a repository as they were sent, as long as what they were made from stays the same.
//
// A page is found by its whole address and by whether its reader is logged in. It is good while the repository's state
// is the one it was made from. A page says what it is made of (MadeOf): of objects, which never change, and the
// configuration, or also of refs. The state of refs is what stat(2) says about the files and directories that hold them
// (heads, tags, notes): every update of a ref renames a file into its directory, which changes the directory's time.
// Where a page shows how runs of commits stand, that is a part of its state, too; the commits are remembered by its
// key.
//
// Pages are kept in memory, limited in bytes (lru.h). Those that are too large, or take long to make, are also on disk
// (page_store.h). Several threads may use it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/lru.h"
#include "base/time.h"
#include "http/response.h"
#include "web/keep/commit_runs.h"
#include "web/keep/page_store.h"

namespace quire::web {

/// What a page is made of, besides the configuration.
enum class MadeOf { objects, refs };

/// For whom a page was made, and what it cost in nanoseconds of processor time.
struct Making {
    bool is_anonymous = true;
    int64_t cost = 0;
};

class PageCache {
public:
    explicit PageCache(const store::Root& root) : m_store(root) {}

    /// Identifies a repository's present state. nullopt while it changes: times of files tell states apart only if they
    /// are a tick of the system's clock apart.
    std::optional<std::string> state_of(int repository, MadeOf made_of = MadeOf::refs);

    /// Whether there is such a page, even if it is out of date.
    bool has(const std::string& key);
    std::optional<http::Response> find(const std::string& key, const std::string& state);
    /// Finds a page on disk. Not for event threads.
    std::optional<http::Response> find_stored(const std::string& key, const std::string& state, bool accepts_gzip);
    /// The runs that the page shows, if it shows any and was made since this program started.
    std::shared_ptr<const ShownRuns> shown_runs(const std::string& key);
    std::shared_ptr<const ShownRuns> keep_shown_runs(const std::string& key, ShownRuns shown);
    void keep(const std::string& key, const std::string& state, const http::Response& response, const Making& making);

private:
    struct Page {
        std::string state;
        http::Response response;
    };
    /// The directories below refs/, with their stamps from when they were listed.
    struct Directories {
        std::string stamps;
        std::vector<std::string> paths;
    };

    bool is_asked_for_again(const std::string& key);

    static constexpr size_t max_bytes = 20u << 20;
    static constexpr size_t max_page = 1u << 20;
    static constexpr size_t max_bytes_of_runs = 2u << 20;
    std::mutex m_mutex;
    Lru<Page> m_pages{max_bytes};
    Lru<std::shared_ptr<const ShownRuns>> m_shown_runs{max_bytes_of_runs};
    std::deque<size_t> m_made; ///< hashes of keys that anonymous readers asked for and that are not on disk
    PageStore m_store;
    std::map<std::pair<uint64_t, uint64_t>, Directories> m_directories;
};

} // namespace quire::web
