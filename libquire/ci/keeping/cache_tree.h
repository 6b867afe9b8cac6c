// Packs paths of a workspace into an archive and unpacks them, for the cache. The workspace is hostile: nothing outside
// it is read or written, symlinks stay symlinks, and sockets and the like are skipped.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace quire::ci {

struct PackedTree {
    size_t entries = 0;
    uint64_t size = 0; ///< the archive's
    bool too_large = false;
    std::vector<std::string> missing; ///< paths that do not exist
};

/// REQUIRES: the paths have passed check_cache_paths.
Result<PackedTree> pack_tree(int workspace, const std::vector<std::string>& paths, int archive, uint64_t limit);

struct UnpackedTree {
    bool other_paths = false; ///< it was packed from other paths, so nothing was touched
    size_t files = 0;
    uint64_t bytes = 0;
};

/// ErrorKind::invalid: it is not an archive, or it is damaged.
Result<UnpackedTree> unpack_tree(int archive, int workspace, const std::vector<std::string>& paths);

} // namespace quire::ci
