// What runs say about commits: whether a job of theirs ended well.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "git/object_reader.h"
#include "store/run_record.h"

namespace quire::forge {

enum class Verdict {
    good,
    bad,
    untestable, ///< a bisection tried it, and the job could not be run: what it needs failed, or it is not there
    unknown,    ///< the job was left out, or the run broke, was stopped or is not over
};

struct JobVerdict {
    Verdict verdict = Verdict::unknown;
    uint64_t run = 0;
    std::string reason; ///< of a verdict that is not good
};

/// Reads a run's events. A run that is not over may have told about the job already.
JobVerdict verdict_of(const store::Root& root, const store::RunRecord& run, const std::string& job);

/// The verdicts of all runs of a repository on trees: commits with the same files end alike. The newest run of a tree
/// counts.
class TreeVerdicts {
public:
    /// Looks at no more than the newest runs, and reads the events of those whose tree is asked about.
    static Result<TreeVerdicts> create(const store::Root& root, const store::RepoName& repo, git::ObjectReader& reader,
                                       std::string job);
    JobVerdict find(const std::string& tree);
    void remember(const std::string& tree, const JobVerdict& verdict) { m_known[tree] = verdict; }

private:
    TreeVerdicts(const store::Root& root, std::string job) : m_root(root), m_job(std::move(job)) {}

    const store::Root& m_root;
    std::string m_job;
    std::map<std::string, std::vector<store::RunRecord>> m_runs; ///< by tree, newest first
    std::map<std::string, JobVerdict> m_known;
};

} // namespace quire::forge
