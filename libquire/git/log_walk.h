// The log: commits newest first, of a path, by an author, with some words, a page at a time.
//
// A page ends with the commits from which the next one begins, so that page a hundred costs what the first does. All
// of it is in-process: the commit-graph gives order and parents, its filters say which commits can have changed a path.
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
    std::string change_id; ///< jj's, as it is
    size_t count = 50;
    Patience patience = {}; ///< when it is over, the page is what was found
};

struct LogPage {
    std::vector<CommitInfo> commits;
    std::vector<git_oid> rest; ///< where to go on; empty: that was all
    bool is_cut = false;       ///< the patience was over first
};

Result<LogPage> read_log(const Repository& repository, const LogQuery& query);

} // namespace quire::git
