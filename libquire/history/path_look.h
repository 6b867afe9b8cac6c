// PathLook: a path as a walk over commits looks it up: whether a commit can have changed it, and what is there.
#pragma once

#include <vector>

#include "git/commit_source.h"
#include "git/raw_tree.h"

namespace quire::history {

struct PathLook {
    PathLook(const git::Repository& repository, const std::string& path) : finder(repository, path)
    {
        // A commit that changed the path has changed each directory above it: filters err less often together.
        for (size_t end = path.size(); end != std::string::npos && end > 0; end = path.rfind('/', end - 1))
            keys.emplace_back(std::string_view(path).substr(0, end));
    }
    /// False: the path is the same as in the first parent.
    bool may_have_changed(const git::CommitSource& commits, uint32_t commit) const
    {
        for (const git::PathKey& key : keys)
            if (!commits.may_have_changed(commit, key))
                return false;
        return true;
    }

    git::PathFinder finder;
    std::vector<git::PathKey> keys;
};

} // namespace quire::history
