// Searches in a commit's files and history, asked of git: bounded in number and in time, and what was found until
// then is kept.
//
// Words are looked for as they are. They reach git attached to an option ("-S" + words) or behind "-e"; next to them
// stand full object ids and, behind "--", a path taken literally: nothing a reader writes can be an option or a
// pattern.
#pragma once

#include "base/patience.h"
#include "git/repository.h"
#include "web/site/site.h"

namespace quire::web {

/// What to look for, and where.
struct Search {
    const Repository& where;
    const git::Repository& repository;
    git_oid commit{};
    std::string path; ///< only below it; "": everywhere
    std::string words;
    Patience patience = {};
};

template <class T>
struct Found {
    std::vector<T> items;
    bool is_full = false; ///< there may be more than were wanted
    bool is_late = false; ///< the patience was over first
};

struct Match {
    std::string path;
    uint64_t line = 0;
    std::string text;
};

/// Lines that hold the words, ignoring case.
Result<Found<Match>> search_content(const Search& search, size_t limit);
/// Paths that hold the words, ignoring case.
Result<Found<std::string>> search_names(const Search& search, size_t limit);
/// Commits whose message holds the words, ignoring case; newest first, as the next.
Result<Found<git::CommitInfo>> search_messages(const Search& search, size_t limit);

enum class Change {
    number, ///< the words stand there more or less often than before (git log -S)
    line,   ///< a line that holds the words was added or removed (git log -G)
};
/// Commits that changed it. Case matters.
Result<Found<git::CommitInfo>> search_changes(const Search& search, Change change, size_t limit);

} // namespace quire::web
