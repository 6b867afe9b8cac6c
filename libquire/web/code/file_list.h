// All paths of a commit's tree, for the file finder and the shares of languages. Limited, and remembered by tree.
#pragma once

#include <memory>
#include <vector>

#include "web/site/visit.h"

namespace quire::web {

/// A JSON array of all paths; at most 50,000 of them.
std::shared_ptr<const std::string> path_list(Site& site, const git::Repository& repository, const git_oid& tree,
                                             const Patience& patience);

/// false: the tree has more files, or counting them takes too long.
bool has_at_most(const git::Repository& repository, const git_oid& tree, size_t files, const Patience& patience);

/// Languages by the bytes of their files, the largest first; null if counting takes too long.
std::shared_ptr<const Languages> languages(Site& site, const git::Repository& repository, const git_oid& tree,
                                           const Patience& patience);

} // namespace quire::web
