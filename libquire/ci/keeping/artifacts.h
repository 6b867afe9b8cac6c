// Artifacts: files that a job wants kept, copied out of the workspace.
//
// What a pattern of workspace_search.h finds is taken. The workspace is hostile: symlinks are followed only while they
// stay inside it, only regular files are read, and names that hold a secret or are not UTF-8 stay behind. What is not
// taken is named, with the reason. A file appears by rename, whole, in the place of one that an earlier attempt kept.
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

/// What a run may still keep.
struct ArtifactBudget {
    uint64_t bytes = 1ull << 30;
    size_t files = 10'000;
};

struct ArtifactPlace {
    int workspace = -1;
    int target = -1; ///< -1: nothing is copied, only said what would be
    const Redactor& redactor;
    ArtifactBudget& budget;
    std::set<std::string>& taken; ///< what is in it is not taken again; grows
};

struct Artifact {
    std::string path; ///< relative to the workspace, and to the directory it is kept in
    uint64_t size = 0;
    std::string sha256;
};

struct LeftOut {
    std::string path; ///< redacted
    std::string reason;
};

struct CollectedArtifacts {
    std::vector<Artifact> kept; ///< sorted by path
    std::vector<LeftOut> left_out;
    size_t matched = 0; ///< also what was taken before
};

Result<CollectedArtifacts> collect_artifacts(const ArtifactPlace& place, const std::string& pattern);

/// Opens a file that was found, if it is one to be read; an error's message is the reason why not.
Result<UniqueFd> open_found_file(int workspace, const std::string& path);
/// Why a file must not be kept under its name; empty if it may.
std::string objection_to_name(const Redactor& redactor, const std::string& path);

} // namespace quire::ci
