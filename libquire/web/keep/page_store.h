// PageStore: pages on disk, for those that take long to make or are too large for memory.
//
// There is one file per page, named after its key, in a directory for this build of the program; pages of other builds
// are removed. The file holds the whole key and the state from which the page was made, so no page is taken for
// another. If a file can't be read or written, the page is just not kept. Several threads may use it; both functions
// read or write the disk.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "base/time.h"
#include "http/response.h"
#include "store/root.h"
#include "sys/kept_files.h"

namespace quire::web {

class PageStore {
public:
    static constexpr uint64_t most_bytes = 256u << 20, largest_page = 32u << 20;

    explicit PageStore(const store::Root& root, uint64_t most = most_bytes) : m_root(root), m_most(most) {}

    /// Holds the form of the body that the reader accepts, if there are two.
    std::optional<http::Response> find(const std::string& key, const std::string& state, bool accepts_gzip);
    /// `used` is when the page counts as last used, which decides when it makes room for others.
    void keep(const std::string& key, const std::string& state, const http::Response& response, Instant used);

private:
    sys::KeptFiles& files();

    const store::Root& m_root;
    const uint64_t m_most;
    std::mutex m_mutex; ///< for the next member; held while the directory is opened
    std::optional<sys::KeptFiles> m_files;
};

} // namespace quire::web
