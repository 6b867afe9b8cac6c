// PageStore: pages on disk, for those that take long to make or are too large to be kept in memory.
//
// A file a page, under a name made from its key, below a directory of this very program: what another build has kept
// is thrown away. The file says its whole key and of what state it was made, so that a page is never taken for another
// one. Bounded in bytes; what was used last stays. A file that can't be read or written is a page that is not kept.
// Safe to use from several threads; both calls read or write the disk.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/time.h"
#include "base/unique_fd.h"
#include "http/response.h"
#include "store/root.h"

namespace quire::web {

class PageStore {
public:
    static constexpr uint64_t most_bytes = 256u << 20, largest_page = 32u << 20;

    explicit PageStore(const store::Root& root, uint64_t most = most_bytes) : m_root(root), m_most(most) {}

    /// Holds the one form of the body that the reader takes, if there are two.
    std::optional<http::Response> find(const std::string& key, const std::string& state, bool accepts_gzip);
    /// `used`: as what was used last at that time it makes room for others.
    void keep(const std::string& key, const std::string& state, const http::Response& response, Instant used);

private:
    struct File {
        uint64_t bytes = 0;
        Instant used = 0;
    };

    int directory();
    void drop_old_ones();
    void forget(const std::string& name);

    const store::Root& m_root;
    const uint64_t m_most;
    std::mutex m_mutex; ///< of what follows; held while the directory is read for the first time
    UniqueFd m_directory;
    bool m_was_opened = false;
    std::map<std::string, File> m_files;
    uint64_t m_bytes = 0;
};

} // namespace quire::web
