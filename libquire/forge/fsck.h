// Looks into everything that a data root holds: every object of every repository, push logs, the records of runs, the
// queue, and what jobs keep between runs. It reads only, and takes as long as that takes; doctor is the quick look.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/root.h"

namespace quire::forge {

struct FsckResult {
    uint64_t repositories = 0;
    uint64_t pushes = 0; ///< records of push logs
    uint64_t runs = 0;
    uint64_t entries = 0;            ///< of the queue, tasks too
    uint64_t caches = 0;             ///< files that jobs keep
    std::vector<std::string> faults; ///< one line each
};

/// Of one repository, or of everything.
Result<FsckResult> fsck(const store::Root& root, const store::RepoName* only = nullptr);

/// Whether a line that git fsck printed names a fault, and not only how far it is.
bool names_fault(std::string_view line);

} // namespace quire::forge
