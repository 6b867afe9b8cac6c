// The index of a checkout: git's list of the files in it, with what they looked like. IndexFile writes one of a
// checkout that quire has made itself, read_index() reads git's.
//
// Written is version 2, without extensions; every git and libgit2 reads it. Read are versions 2 and 3, and nothing that
// a whole checkout doesn't have: conflicts, files left out, parts kept elsewhere.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace quire::git {

/// What an index keeps of a file's status, as bytes: dates to the nanosecond, device, inode, owner, size, and `mode`,
/// which is git's (0100644, 0100755 or 0120000).
std::string index_fields(uint32_t mode, const struct stat& status);

struct IndexEntry {
    std::string_view fields; ///< as index_fields() makes them
    std::string_view id;     ///< bytes
    std::string_view path;   ///< plain: relative, without "..", and not below .git

    uint32_t mode() const;
    Instant changed_at() const; ///< when the inode was changed
};

/// The entries, in the order of their paths' bytes. They point into `content`.
Result<std::vector<IndexEntry>> read_index(std::string_view content, size_t id_bytes);

class IndexFile {
public:
    /// Adds a file. `fields` are those of index_fields(), `id` is bytes.
    /// REQUIRES: paths come in the order of their bytes, each once.
    void add(std::string_view path, std::string_view fields, std::string_view id);
    /// The file's content. `id_bytes` is 20 in a repository of SHA-1, 32 in one of SHA-256.
    /// REQUIRES: nothing is called on the object afterwards.
    std::string finish(size_t id_bytes);
    /// Makes room for an index of this size, which saves copies.
    void reserve(size_t bytes) { m_content.reserve(bytes); }

private:
    std::string m_content = std::string(12, '\0'); ///< the head is written last
    uint32_t m_count = 0;
};

} // namespace quire::git
