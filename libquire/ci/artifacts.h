// Artifacts: files that a job wants kept, copied out of the workspace.
//
// A pattern is a path relative to the workspace: "*", "?" and "[…]" within a component, "**" for any number of components. What it
// matches is taken; of a directory, all that is below. The workspace is hostile: symlinks are followed only while they
// stay inside it, and only regular files are read. What is not taken is named, with the reason. ".git" is never searched.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace quire::ci {

struct Artifact {
    std::string path; ///< relative to the workspace, and to the directory it is kept in
    uint64_t size = 0;
    std::string sha256;
};

struct CollectedArtifacts {
    std::vector<Artifact> kept;        ///< sorted by path
    std::vector<std::string> left_out; ///< "path: reason"
};

/// Whether the pattern's components match the path's. Both are split at "/".
bool matches_pattern(std::string_view pattern, std::string_view path);

/// Copies what matches into `target`, taking the bytes off `budget`. What is in `target` already stays and is not listed again.
Result<CollectedArtifacts> collect_artifacts(int workspace, const std::string& pattern, int target, uint64_t& budget);

} // namespace quire::ci
