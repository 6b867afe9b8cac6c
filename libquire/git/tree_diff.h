// What differs between two trees, by path: within a budget, whatever somebody has pushed.
//
// A few kilobytes of trees can name more paths than any disk holds. The walk ends when it has found enough, opened
// enough or taken long enough, and says so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/patience.h"
#include "git/objects.h"

namespace quire::git {

/// A file, link or submodule on one side.
struct TreeSide {
    git_oid id{};
    git_filemode_t mode = GIT_FILEMODE_UNREADABLE;
};

struct TreeChange {
    std::string path;
    std::optional<TreeSide> before, after; ///< one at least
};

struct TreeBudget {
    size_t paths = 2000;
    size_t path_bytes = 256u << 10; ///< of all paths together
    size_t directories = 100'000;   ///< to open
    Patience patience = {};
};

/// How a walk ended.
struct TreeEnd {
    bool is_cut = false;  ///< there is more
    bool is_late = false; ///< the patience was over, or the reader had left
};

/// Calls `take` for each path that differs, in git's order. `before` nullopt: against nothing.
TreeEnd each_change(const Objects& objects, const std::optional<git_oid>& before, const git_oid& after,
                    const TreeBudget& budget, const std::function<void(TreeChange)>& take);

struct TreeDiff : TreeEnd {
    std::vector<TreeChange> changes;
};
TreeDiff diff_names(const Objects& objects, const std::optional<git_oid>& before, const git_oid& after,
                    const TreeBudget& budget);

} // namespace quire::git
