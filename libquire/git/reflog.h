// The reflog of a ref, read from its file: what moved it, oldest first.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace quire::git {

struct ReflogEntry {
    std::string old_id;
    std::string new_id;
    int64_t seconds = 0; ///< since the epoch
};

/// The entries in the last megabyte, in which a push of the last minutes surely stands. A ref without a reflog has
/// none; lines that are no entries are left out.
Result<std::vector<ReflogEntry>> read_reflog_tail(int repository, const std::string& ref);

} // namespace quire::git
