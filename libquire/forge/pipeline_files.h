// The .quire directory of a commit, written out for quire-ci to read.
//
// Whatever the tree contains, nothing is written outside of the directory that is given.
#pragma once

#include <string>

#include "base/result.h"

namespace quire::forge {

enum class PipelineFiles {
    code,       ///< the Fennel files: 500 of 1 MiB each, 8 MiB in all
    everything, ///< what an image can be built from too: 5,000 files and links, 64 MiB in all
};

/// Returns whether the commit has a pipeline; if it has none, nothing is written. ErrorKind::refused: there are more
/// files than a pipeline may have. `sha` is a full object id.
Result<bool> write_pipeline(int repository, const std::string& sha, PipelineFiles which, int directory);

} // namespace quire::forge
