// Bisection: finds the commit with which a job began to fail, as `git bisect` does, from what runs say of commits.
//
// plan_bisection() decides where it begins. Bisection then halves the commits that are reachable from the bad end and
// from no good one; git says which of them halves them best. Commits that can't be tested are left out, and one that is
// some way off is tried next. What runs have told already is used first, because it costs nothing. It makes no runs
// itself. What git prints about millions of commits is refused.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "forge/job_verdict.h"

namespace quire::forge {

/// What a person asks for. An empty string: as the runs say.
struct BisectionWanted {
    std::string job, good, bad;
};

/// One end of a bisection.
struct BisectionEnd {
    std::string commit;
    uint64_t run = 0; ///< that told its verdict; 0: no run has
};

struct BisectionPlan {
    std::string job;
    std::string ref; ///< on which the job is told to be
    BisectionEnd good, bad;
    uint64_t run = 0; ///< the one whose source the pipeline is told: the bad one, or the newest that had the job
};

/// Without a job, it is the first that failed in the newest red run of the default branch. Without commits, they are
/// the first that the job failed on after the last one that it succeeded on, in the runs of that branch, and that one.
/// Refused, besides what can't be found: a frozen repository, a job that the runs don't know, a good end that is not an
/// ancestor of the bad one.
Result<BisectionPlan> plan_bisection(const store::Root& root, const store::RepoName& repo,
                                     const BisectionWanted& wanted);

class Bisection {
public:
    static Result<Bisection> create(const store::Root& root, const store::RepoName& repo, BisectionPlan plan);

    const BisectionPlan& plan() const { return m_plan; }
    /// The commit to be tried next; nullopt: it is over, and suspects() has the answer.
    Result<std::optional<git::Commit>> next();
    Result<git::Commit> look_up(const std::string& commit);
    void tell(const std::string& commit, Verdict verdict);
    /// What runs have told about the commit's files.
    JobVerdict known(const git::Commit& commit) { return m_verdicts.find(commit.tree); }
    void remember(const git::Commit& commit, const JobVerdict& verdict) { m_verdicts.remember(commit.tree, verdict); }
    /// The commits that may be the first bad one: all that are left when next() was called last.
    const std::vector<std::string>& suspects() const { return m_suspects; }
    /// How many more have to be tried, about.
    size_t steps_left() const;

private:
    Bisection(UniqueFd repository, git::ObjectReader reader, TreeVerdicts verdicts, BisectionPlan plan)
        : m_repository(std::move(repository)), m_reader(std::move(reader)), m_verdicts(std::move(verdicts)),
          m_plan(std::move(plan)), m_bad(m_plan.bad.commit), m_good{m_plan.good.commit}
    {}

    Result<void> find_told();
    std::string choose(const std::vector<std::string>& testable) const;

    UniqueFd m_repository;
    git::ObjectReader m_reader;
    TreeVerdicts m_verdicts;
    BisectionPlan m_plan;
    std::string m_bad;
    std::vector<std::string> m_good;
    std::set<std::string> m_untestable;
    bool m_has_asked = false;
    std::set<std::string> m_told; ///< commits that cost no run
    size_t m_misses = 0;          ///< commits that told nothing, since the last that did
    std::vector<std::string> m_suspects;
};

/// Queues a run of the job at this commit. `who` asked for it.
Result<store::RunRecord> create_bisection_run(const store::Root& root, const store::RepoName& repo,
                                              const BisectionPlan& plan, const git::Commit& commit,
                                              const std::string& who);

} // namespace quire::forge
