// IgnoredCommits: the commits that a blame looks through, from .git-blame-ignore-revs at the top of a tree.
//
// A line that such a commit changed is attributed to its counterpart among the replaced lines: the one that is equal
// except for blanks, else the most similar one of the hunk, in order. Others stay the commit's.
#pragma once

#include <set>
#include <string>

#include "git/line_diff.h"
#include "git/repository.h"

namespace quire::history {

class IgnoredCommits {
public:
    /// Reads the list from the commit's tree; empty if there is none or it can't be read. Lines that are not full ids
    /// are ignored, and so is everything after many thousand ids.
    static IgnoredCommits of(const git::Repository& repository, const git_oid& commit);
    static IgnoredCommits parse(std::string_view list);

    bool is_empty() const { return m_ids.empty(); }
    bool has(const git_oid& commit) const;
    /// Identifies the list: equal lists have equal names.
    const std::string& name() const { return m_name; }

private:
    std::set<std::string> m_ids;
    std::string m_name;
};

/// For each new line of the hunk, the old line that it was made from, or no_line.
std::vector<uint32_t> find_counterparts(const git::LineTable& table, const git::NumberedText& before,
                                        const git::NumberedText& after, const git::Hunk& hunk);

} // namespace quire::history
