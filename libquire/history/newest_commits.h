// NewestCommits: the first page of the log of the default branch, as its commits are in git.
//
// A cold page that lists the newest commits would open the commit-graph and unpack each commit by itself. This is one
// small file beside a repository's runs that holds their content in the order of the log. It answers for its tip only;
// at any other commit git is asked. `quire index-changes`, a task after each push, keeps it (newest_indexing.h). It may
// be deleted at any time; a damaged file counts as missing. The reader maps the file; several threads may share one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "git/log_walk.h"
#include "sys/mapping.h"

namespace quire::history {

/// How many it holds, unless the history has fewer.
constexpr size_t most_newest_commits = 50;

class NewestCommits {
public:
    /// `runs` is the repository's directory of runs. ErrorKind::not_found if there is no such file, or it is damaged.
    static Result<NewestCommits> open(int runs);

    const git_oid& tip() const { return m_commits[0].first; }
    /// The first commits of the log from the tip on. REQUIRES: count <= most_newest_commits.
    std::vector<git::CommitInfo> first(size_t count) const;
    /// What git::read_log says of most_newest_commits from the tip on.
    git::LogPage page() const;

private:
    template <typename Index>
    friend Result<Index> open_index(int runs, const char* name);
    explicit NewestCommits(sys::Mapping file) : m_file(std::move(file)) {}
    bool parse();

    sys::Mapping m_file;
    std::vector<git_oid> m_rest;                                 ///< LogPage::rest
    std::vector<std::pair<git_oid, std::string_view>> m_commits; ///< never empty
};

/// The text of the file. `commits`: their ids and contents.
std::string newest_commits_text(const std::vector<git_oid>& rest,
                                const std::vector<std::pair<git_oid, std::string>>& commits);

} // namespace quire::history
