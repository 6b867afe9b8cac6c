// Brings a repository's search index up to date. It runs in the background, as a task after a push.
//
// What is indexed are the texts of the default branch, of the newest branches and of a few tags, as long as there is
// room; each blob once. Only what is new is read. Small segments are put together, and what no branch has any more is
// dropped when it is more than what is needed. It may be killed at any point and started again.
#pragma once

#include "search/index.h"

namespace quire::search {

struct UpdateLimits {
    size_t branches = 50, tags = 2;
    size_t paths = 500'000;              ///< of one tip
    uint64_t text = uint64_t{512} << 20; ///< of all texts together
    uint64_t segment = 64u << 20;        ///< the text of one segment
};

struct Updated {
    size_t added = 0;    ///< blobs
    size_t segments = 0; ///< how many there are now
    uint64_t text_bytes = 0;
    uint64_t file_bytes = 0;
};

Result<Updated> update_index(const store::Root& root, const store::RepoName& name, const UpdateLimits& limits = {});

} // namespace quire::search
