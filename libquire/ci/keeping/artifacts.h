// Artifacts: files that a job wants to keep, copied out of the workspace.
//
// The patterns are those of workspace_search.h. The workspace is hostile: a symlink is followed only if it stays
// inside, only regular files are read, and a name that holds a secret or is not UTF-8 is refused. Every refused file is
// named with the reason. A file appears complete, by rename, in place of one that an earlier attempt kept.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "ci/keeping/workspace_search.h"
#include "ci/logs/redactor.h"

namespace quire::ci {

/// How much a run may still keep.
struct ArtifactBudget {
    uint64_t bytes = 1ull << 30;
    size_t files = 10'000;
};

struct ArtifactPlace {
    int workspace = -1;
    int target = -1; ///< -1: nothing is copied; the result says what would be
    const Redactor& redactor;
    ArtifactBudget& budget;
    std::set<std::string>& taken; ///< paths that were taken before and are skipped; new ones are added
};

struct Artifact {
    std::string path; ///< relative to the workspace, and to the directory where it is kept
    uint64_t size = 0;
    std::string sha256;
};

struct LeftOut {
    std::string path; ///< after redaction
    std::string reason;
};

struct CollectedArtifacts {
    std::vector<Artifact> kept; ///< sorted by path
    std::vector<LeftOut> left_out;
    size_t matched = 0; ///< counts also what was taken before
};

Result<CollectedArtifacts> collect_artifacts(const ArtifactPlace& place, const std::string& pattern);

/// Opens a file that was found, if it may be read; otherwise the error's message is the reason.
Result<UniqueFd> open_found_file(int workspace, const std::string& path);
/// Why a file must not be kept under its name; empty if it may be.
std::string objection_to_name(const Redactor& redactor, const std::string& path);

} // namespace quire::ci
