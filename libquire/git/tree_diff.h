// The paths in which two trees differ, found within a budget, whatever somebody pushed.
//
// A few kilobytes of trees can name more paths than fit on any disk. So the walk ends when it has found enough paths,
// opened enough directories or taken too long, and says so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/patience.h"
#include "git/objects.h"

namespace quire::git {

/// A file, link or submodule in one of the two trees.
struct TreeSide {
    git_oid id{};
    git_filemode_t mode = GIT_FILEMODE_UNREADABLE;
};

struct TreeChange {
    std::string path;
    std::optional<TreeSide> before, after; ///< at least one is set
};

struct TreeBudget {
    size_t paths = 2000;
    size_t path_bytes = 256u << 10; ///< of all paths together
    size_t directories = 100'000;   ///< how many to open
    Patience patience = {};
};

/// How the walk ended.
struct TreeEnd {
    bool is_cut = false;  ///< there are more changes
    bool is_late = false; ///< the patience ran out, or the reader left
};

/// Calls `take` for each path that differs, in git's order. If `before` is nullopt, every path of `after` differs.
TreeEnd each_change(const Objects& objects, const std::optional<git_oid>& before, const git_oid& after,
                    const TreeBudget& budget, const std::function<void(TreeChange)>& take);

struct TreeDiff : TreeEnd {
    std::vector<TreeChange> changes;
};
TreeDiff diff_names(const Objects& objects, const std::optional<git_oid>& before, const git_oid& after,
                    const TreeBudget& budget);

} // namespace quire::git
