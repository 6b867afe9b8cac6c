// Paths of a workspace into an archive and back, for the cache. The workspace is hostile: nothing outside it is read or
// written, symlinks are kept as what they are, sockets and the like are passed over.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace quire::ci {

struct PackedTree {
    size_t entries = 0;
    uint64_t size = 0; ///< of the archive
    bool too_large = false;
    std::vector<std::string> missing; ///< of the paths
};

/// REQUIRES: check_cache_paths.
Result<PackedTree> pack_tree(int workspace, const std::vector<std::string>& paths, int archive, uint64_t limit);

struct UnpackedTree {
    bool other_paths = false; ///< it was packed from others, and nothing was touched
    size_t files = 0;
    uint64_t bytes = 0;
};

/// ErrorKind::invalid: the archive is none, or damaged.
Result<UnpackedTree> unpack_tree(int archive, int workspace, const std::vector<std::string>& paths);

} // namespace quire::ci
