// Finds the earlier name of a file that a commit added, among the files that the commit removed, as git blame does.
//
// Equal content comes first, then a file that is the only one of the same name and three quarters alike, then the most
// similar one that is at least half alike. git/renames.h pairs all files of a commit for a diff; this handles a single
// file, without a limit on the number of others.
#pragma once

#include <optional>

#include "git/repository.h"
#include "git/tree_diff.h"

namespace quire::history {

struct RenamedFile {
    std::string path;
    git::TreeSide side;
};

/// nullopt also if the patience ran out.
std::optional<RenamedFile> find_renamed(const git::Objects& objects, const git_oid& parent_tree, const git_oid& tree,
                                        const std::string& path, const git::TreeSide& added, const Patience& patience);

/// Larger files are not blamed and not compared.
constexpr size_t max_file_bytes = 8u << 20;

} // namespace quire::history
