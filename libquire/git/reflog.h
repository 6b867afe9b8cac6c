// The reflog of a ref, read from its file, oldest entry first.
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

/// Reads the entries in the last megabyte, which is more than enough for the pushes of the last minutes. A ref without
/// a reflog has no entries; malformed lines are skipped.
Result<std::vector<ReflogEntry>> read_reflog_tail(int repository, const std::string& ref);

} // namespace quire::git
