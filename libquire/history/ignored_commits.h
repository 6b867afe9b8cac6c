// IgnoredCommits: those that a blame looks through, as .git-blame-ignore-revs at the top of a tree lists them.
//
// What such a commit made of a line, the line's counterpart in what it replaced answers for: the one that is equal but
// for blanks, else the most alike in the same hunk, in order. Lines without a counterpart stay the commit's.
#pragma once

#include <set>
#include <string>

#include "git/repository.h"
#include "history/line_diff.h"

namespace quire::history {

class IgnoredCommits {
public:
    /// The list of the commit's tree; empty where there is none, or it can't be read. Lines that are no full ids, and
    /// what is past the first of many thousands, count for nothing.
    static IgnoredCommits of(const git::Repository& repository, const git_oid& commit);
    static IgnoredCommits parse(std::string_view list);

    bool is_empty() const { return m_ids.empty(); }
    bool has(const git_oid& commit) const;
    /// Names the list: equal lists have equal names.
    const std::string& name() const { return m_name; }

private:
    std::set<std::string> m_ids;
    std::string m_name;
};

/// For each new line of the hunk the old line that it was made of, or no_line.
std::vector<uint32_t> find_counterparts(const LineTable& table, const NumberedText& before, const NumberedText& after,
                                        const Hunk& hunk);

} // namespace quire::history
