// What git itself answers faster than libgit2, since it reads the commit-graph: blame. (Searches: search.h.)
//
// The command gets a full object id and, after "--", a path taken literally: nothing of a reader's request can be
// an option or a pattern. What takes longer than its reader's patience is an error of kind busy.
#pragma once

#include "base/patience.h"
#include "git/repository.h"
#include "web/site/site.h"

namespace quire::web {

/// Who last changed each line.
struct BlamedLine {
    git_oid commit{};
    std::string path;                ///< the file's name then
    uint64_t line = 0;               ///< its number then
    std::optional<git_oid> previous; ///< the commit to look at for what stood there before
};
constexpr uint64_t max_blamed = 1u << 20;
/// `path` names a file of the commit, of at most max_blamed bytes.
Result<std::vector<BlamedLine>> blame(const Repository& where, const git_oid& commit, const std::string& path,
                                      const Patience& patience);

} // namespace quire::web
