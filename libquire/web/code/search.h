// Searches a commit's history with git, and its files where there is no index (search_lines.h is for the rest). Results
// and time are limited; when time is up, what was found is shown.
//
// What a reader writes is passed to git attached to an option ("-S" + words) or after "-e", together with full object
// ids and, after "--", a literal path. So nothing of it can become an option. It is a pattern only if the reader asks
// for one, and then search/regex_syntax.h has accepted it.
#pragma once

#include "base/patience.h"
#include "git/repository.h"
#include "search/query.h"
#include "web/site/site.h"

namespace quire::web {

/// What to look for, and where.
struct Search {
    const Repository& where;
    const git::Repository& repository;
    git_oid commit{};
    std::string path; ///< search only below this path; "": everywhere
    std::string words;
    search::Query query; ///< made of the words
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

/// Lines in files that match the query, some of each.
Result<Found<Match>> search_content(const Search& search, size_t limit);
/// Commits whose message matches the query; the newest first.
Result<Found<git::CommitInfo>> search_messages(const Search& search, size_t limit);

enum class Change {
    number, ///< the number of times the words occur changed (git log -S)
    line,   ///< a line with the words was added or removed (git log -G)
};
/// Commits with such a change, the newest first. Respects case.
Result<Found<git::CommitInfo>> search_changes(const Search& search, Change change, size_t limit);

} // namespace quire::web
