// IndexFile: the index (git's list of checked-out files) of a checkout that quire has just written itself.
//
// Version 2, without extensions; every git and libgit2 reads it.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace quire::git {

class IndexFile {
public:
    /// Adds a file. `mode` is git's (0100644, 0100755 or 0120000), `id` bytes, `status` the file's own.
    /// REQUIRES: paths come in the order of their bytes, each once.
    void add(std::string_view path, uint32_t mode, std::string_view id, const struct stat& status);
    /// The file's content. `id_bytes` is 20 in a repository of SHA-1, 32 in one of SHA-256.
    std::string finish(size_t id_bytes) const;

private:
    std::string m_entries;
    uint32_t m_count = 0;
};

} // namespace quire::git
