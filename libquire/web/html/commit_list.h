// Commits as rows: what was committed, which refs point there, by whom, when, and under which ids.
//
// The date is that of the commit, as in a directory's listing, and the one by which commits are ordered. Rows can be
// grouped by day. Clocks differ: a commit that is older than its successor but says that it is younger stands under its
// successor's day, so days never jump about. With lanes, each row has the lines that join commits to their parents.
#pragma once

#include <map>

#include "git/repository.h"
#include "web/html/html.h"
#include "web/site/visit.h"

namespace quire::web {

enum class Rows { plain, by_day, with_lanes };

/// By day, if the days have something to group: two commits each. Else each row has its date.
Rows rows_of_log(const std::vector<git::CommitInfo>& commits);

struct RowRefs {
    /// Names of branches and tags by the id of the commit; nothing for `plain` lists.
    std::multimap<std::string, git::Ref> by_commit;
};

/// Finds them for these commits. Jobs and tools make thousands of refs: some are enough for a row.
RowRefs refs_of_rows(const git::Repository& repository, const std::vector<git::CommitInfo>& commits);
/// Those of all commits, for rows that are not known yet.
RowRefs refs_of_rows(const git::Repository& repository);

/// Makes a list by day that is shown in parts: rows() gives what follows the rows before, end() closes it.
class DayList {
public:
    Html rows(const Visit& visit, const std::vector<git::CommitInfo>& commits, const RowRefs& refs);
    Html end() const;

private:
    std::string m_day; ///< under which the last row stands; empty: there is none yet
};

Html commit_list(const Visit& visit, const std::vector<git::CommitInfo>& commits, Rows rows = Rows::plain,
                 const RowRefs& refs = {});

} // namespace quire::web
