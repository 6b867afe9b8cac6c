// Searches a commit's files and history with git. Results and time are limited; when time is up, what was found is
// shown.
//
// Words are searched for literally. They are passed to git attached to an option ("-S" + words) or after "-e", together
// with full object ids and, after "--", a literal path. So nothing that a reader writes can become an option or a
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
    std::string path; ///< search only below this path; "": everywhere
    std::string words;
    Patience patience = {};
};

template <class T>
struct Found {
    std::vector<T> items;
    bool is_full = false; ///< there may be more than was asked for
    bool is_late = false; ///< the patience ran out first
};

struct Match {
    std::string path;
    uint64_t line = 0;
    std::string text;
};

/// Lines that contain the words, ignoring case.
Result<Found<Match>> search_content(const Search& search, size_t limit);
/// Paths that contain the words, ignoring case.
Result<Found<std::string>> search_names(const Search& search, size_t limit);
/// Commits whose message contains the words, ignoring case; the newest first.
Result<Found<git::CommitInfo>> search_messages(const Search& search, size_t limit);

enum class Change {
    number, ///< the number of times the words occur changed (git log -S)
    line,   ///< a line with the words was added or removed (git log -G)
};
/// Commits with such a change, the newest first. Respects case.
Result<Found<git::CommitInfo>> search_changes(const Search& search, Change change, size_t limit);

} // namespace quire::web
