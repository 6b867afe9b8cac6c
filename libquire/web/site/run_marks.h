// RunMarks: the runs of the commits that a page shows, and of which commits it shows them.
//
// It answers from what was known when the page first asked. A page is kept together with the commits that it asked for
// and the state of their runs, so it is made anew when one of these changes, and only then (pages/routes.cc). One
// thread uses it, for one page.
#pragma once

#include <optional>
#include <vector>

#include "web/site/site.h"

namespace quire::web {

class RunMarks {
public:
    /// REQUIRES: the reader may see the repository's runs.
    RunMarks(Site& site, const Repository& repository) : m_site(site), m_repository(repository) {}

    /// The commit's runs, newest first. Some may have been pruned.
    std::vector<CommitRun> of(const git_oid& commit);
    /// The newest one that is there and had something to do.
    std::optional<CommitRun> newest(const git_oid& commit);
    /// There are older runs that are not known.
    bool lacks_older();

    /// What the page shows, to be kept with it; nullopt: it shows none, or what it shows could not be found out.
    bool is_asked() const { return !m_commits.empty(); }
    std::optional<ShownRuns> shown() const;

private:
    void look();

    Site& m_site;
    const Repository& m_repository;
    bool m_has_looked = false;
    UniqueFd m_runs;
    std::shared_ptr<const KnownRuns> m_known;
    std::vector<git_oid> m_commits;
};

} // namespace quire::web
