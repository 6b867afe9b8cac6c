// The log: commits, newest first, in pages; optionally only those of a path, by an author, or with some words.
//
// A page names the commits from which the next page starts, so the hundredth page costs as much as the first. No git
// process is used: the commit-graph gives order and parents, and its filters say which commits may have changed a path.
#pragma once

#include <string>
#include <vector>

#include "base/patience.h"
#include "git/repository.h"

namespace quire::git {

struct LogQuery {
    std::vector<git_oid> from; ///< tips, or what LogPage::rest said; ids that are no commits are left out
    std::string path;      ///< only what changed it; "": everything. Of merges only those that differ from all parents
    std::string author;    ///< in the author's name or address; without regard to case
    std::string words;     ///< in the message; without regard to case
    std::string change_id; ///< the beginning of jj's
    size_t count = 50;
    Patience patience = {}; ///< when it runs out, the page holds what was found so far
};

struct LogPage {
    std::vector<CommitInfo> commits;
    std::vector<git_oid> rest; ///< where the next page starts; empty: there is none
    bool is_cut = false;       ///< the patience ran out first
};

Result<LogPage> read_log(const Repository& repository, const LogQuery& query);

} // namespace quire::git
