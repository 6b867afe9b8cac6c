// A tree in git's own format, read without libgit2.
//
// What a pusher put into it is hostile: names are as they stand there. May be used only after is_plain_name() said yes,
// where a name becomes a path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace quire::git {

struct TreeEntry {
    enum class Kind { file, executable, symlink, directory, submodule };
    Kind kind;
    std::string_view name;
    std::string_view id; ///< as bytes
};

/// The entries in their order, which point into `content`. ErrorKind::invalid: it is no tree, or holds an entry of a
/// kind that git no longer writes, or is not sorted.
Result<std::vector<TreeEntry>> parse_tree(std::string_view content, size_t id_bytes);

/// Whether git would write a file of this name, and would do nothing else because of it. Errs to no: what is in any way
/// like .git on any file system, and what configures git, is left for git to judge.
bool is_plain_name(std::string_view name);

/// Compares names as they are sorted in a tree: a directory's as if it ended with a slash.
int compare_in_tree(const TreeEntry& a, const TreeEntry& b);

} // namespace quire::git
