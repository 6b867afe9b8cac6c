// What pruning remembers of a repository's runs, so that a pass need not look at all of them. Private to forge/.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/result.h"

namespace quire::forge {

struct RetentionState {
    uint64_t from = 1; ///< below this number, only the runs in `kept` exist
    uint64_t seen = 0; ///< `green` and `artifact_bytes` count every run up to this number, except those in `open`
    std::set<uint64_t> kept;
    std::set<uint64_t> open;               ///< runs that had not ended when they were looked at
    std::map<std::string, uint64_t> green; ///< for each ref, the last run that succeeded
    uint64_t artifact_bytes = 0;
    uint64_t artifacts_from = 1; ///< below this number, no run has artifacts

    /// `runs` is the repository's directory of runs. A missing or damaged file gives a fresh state.
    static RetentionState load(int runs);
    Result<void> save(int runs) const;
};

} // namespace quire::forge
