// Where a file came from that the commit's parent does not have: a similar file that was removed, or else one that it
// was copied from.
#pragma once

#include "base/patience.h"
#include "git/repository.h"
#include "git/tree_diff.h"

namespace quire::history {

/// What a commit changed compared with one parent.
class Changes {
public:
    Changes(const git::Objects& objects, const std::optional<git_oid>& before, const git_oid& after,
            const Patience& patience);
    const std::vector<git::TreeChange>& all() const { return m_diff.changes; }
    bool is_cut() const { return m_diff.is_cut; }

private:
    git::TreeDiff m_diff;
};

struct PathOrigin {
    std::string path;
    git_oid blob{};
    double similarity = 0; ///< from 0 to 1
    bool is_copy = false;  ///< the commit still has the other file
};

/// `blob` is the file's content in the commit. nullopt: the file was new.
std::optional<PathOrigin> find_path_origin(const git::Objects& objects, const Changes& changes, const std::string& path,
                                           const git_oid& blob, const Patience& patience);

} // namespace quire::history
