// PageCache: pages of a repository as they were sent, for as long as what they are made of stays as it is.
//
// A page is found by its whole address and by whether its reader is logged in; it is good while the repository's state
// is the one that it was made from. A page says what it is made of (MadeOf): of objects, which never change, and the
// configuration, or of refs too. Of refs the state is what stat(2) says of the files and directories in which they live
// (heads, tags, notes): every update of a ref renames a file into its directory, which changes the directory's time.
//
// In memory and bounded in bytes (lru.h). What is too large for that, or takes long to make, is on disk as well
// (page_store.h). Safe to use from several threads.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "http/response.h"
#include "web/keep/lru.h"
#include "web/keep/page_store.h"

namespace quire::web {

/// What a page is made of, besides the configuration.
enum class MadeOf { objects, refs };

/// For whom a page was made, and what it cost: nanoseconds of processor time.
struct Making {
    bool is_anonymous = true;
    int64_t cost = 0;
};

class PageCache {
public:
    explicit PageCache(const store::Root& root) : m_store(root) {}

    /// Names a repository's present state. nullopt while it changes: a file's time tells states apart only when they
    /// lie a tick of the system's clock apart.
    std::optional<std::string> state_of(int repository, MadeOf made_of = MadeOf::refs);

    /// Whether there is such a page, perhaps out of date.
    bool has(const std::string& key);
    std::optional<http::Response> find(const std::string& key, const std::string& state);
    /// Of those on disk; not for event threads.
    std::optional<http::Response> find_stored(const std::string& key, const std::string& state, bool accepts_gzip);
    void keep(const std::string& key, const std::string& state, const http::Response& response, const Making& making);

private:
    struct Page {
        std::string state;
        http::Response response;
    };
    /// The directories below refs/, and what they looked like when they were listed.
    struct Directories {
        std::string stamps;
        std::vector<std::string> paths;
    };

    bool is_asked_for_again(const std::string& key);

    static constexpr size_t max_bytes = 20u << 20;
    static constexpr size_t max_page = 1u << 20;
    std::mutex m_mutex;
    Lru<Page> m_pages{max_bytes};
    std::deque<size_t> m_made; ///< hashes of the keys of what anonymous readers asked for and the disk did not get
    PageStore m_store;
    std::map<std::pair<uint64_t, uint64_t>, Directories> m_directories;
};

} // namespace quire::web
