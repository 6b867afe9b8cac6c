// PageCache: pages of a repository as they were sent, for as long as its refs and configuration stay as they are.
//
// A page is found by its whole address and by whether its reader is logged in; it is good while the repository's state
// is the one that it was made from. State is what stat(2) says of the files and directories in which its refs live
// (heads, tags, notes): every update of a ref renames a file into its directory, which changes the directory's time.
// Bounded in bytes. Safe to use from several threads.
#pragma once

#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "http/response.h"

namespace quire::web {

class PageCache {
public:
    /// Names a repository's present state. nullopt while it changes: a file's time tells states apart only when they
    /// lie a tick of the system's clock apart.
    std::optional<std::string> state_of(int repository);

    /// Whether there is such a page, perhaps out of date.
    bool has(const std::string& key);
    std::optional<http::Response> find(const std::string& key, const std::string& state);
    void keep(const std::string& key, const std::string& state, const http::Response& response);

private:
    struct Page {
        std::string key, state;
        http::Response response;
        size_t bytes = 0;
    };
    /// The directories below refs/, and what they looked like when they were listed.
    struct Directories {
        std::string stamps;
        std::vector<std::string> paths;
    };

    void drop_last();

    static constexpr size_t max_bytes = 20u << 20;
    static constexpr size_t max_page = 1u << 20;
    std::mutex m_mutex;
    std::list<Page> m_pages; ///< last used first
    std::map<std::string, std::list<Page>::iterator> m_by_key;
    size_t m_bytes = 0;
    std::map<std::pair<uint64_t, uint64_t>, Directories> m_directories;
};

} // namespace quire::web
