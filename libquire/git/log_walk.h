// The log: commits, newest first, in pages; optionally only those of a path, by an author, or with some words.
//
// A page ends at a commit, and the next one goes on after it: for that the walk is done again as far as that commit,
// by the commit-graph alone, unless the caller has kept where it stood (LogPage::rest). No git process is used: the
// commit-graph gives order and parents, and its filters say which commits may have changed a path.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/patience.h"
#include "git/repository.h"

namespace quire::git {

struct LogQuery {
    std::vector<git_oid> from;         ///< tips, or what LogPage::rest said; ids that are no commits are left out
    std::optional<git_oid> after = {}; ///< the end of the page before
    std::string path;      ///< only what changed it; "": everything. Of merges only those that differ from all parents
    std::string author;    ///< in the author's name or address; without regard to case
    std::string words;     ///< in the message; without regard to case
    std::string change_id; ///< the beginning of jj's
    /// What is known of the path at a commit without its trees: the number (from 1) of its first parent that has the
    /// same there, or 0 if none has; else nullopt. Without parents, 1 is nothing, too.
    std::function<std::optional<uint32_t>(const git_oid& commit)> same_parent = {};
    size_t count = 50;
    Patience patience = {};                           ///< when it runs out, the page holds what was found so far
    std::function<void(const CommitInfo&)> take = {}; ///< if set, is given each commit when it is found
};

struct LogPage {
    std::vector<CommitInfo> commits;
    git_oid end{};             ///< the last commit that was looked at: the next page comes after it
    std::vector<git_oid> rest; ///< from which the next page can start at once; empty: there is none
    bool has_begun = true;     ///< false: the commit after which it should begin is not in this history
    bool is_cut = false;       ///< the patience ran out first
};

Result<LogPage> read_log(const Repository& repository, const LogQuery& query);

} // namespace quire::git
