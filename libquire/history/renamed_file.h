// What a file that a commit added was called before, as git blame finds it: among the files that the commit removed.
//
// The same content comes first, then the only one of the same name if it is three quarters alike, then the most alike
// from a half on. git/renames.h pairs all files of a commit for a diff; here is one file and no limit on how many
// others there are.
#pragma once

#include <optional>

#include "git/repository.h"
#include "git/tree_diff.h"

namespace quire::history {

struct RenamedFile {
    std::string path;
    git::TreeSide side;
};

/// nullopt also when the patience was over.
std::optional<RenamedFile> find_renamed(const git::Objects& objects, const git_oid& parent_tree, const git_oid& tree,
                                        const std::string& path, const git::TreeSide& added, const Patience& patience);

/// What is larger is not blamed, and compared with nothing.
constexpr size_t max_file_bytes = 8u << 20;

} // namespace quire::history
