// Lists of runs, newest first, at the cost of what is shown: records are read one by one from the newest down.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "store/run_record.h"

namespace quire::forge {

struct RunFilter {
    std::string ref; ///< a full name, or that of a branch or tag; "": any
    std::optional<store::RunState> state;

    bool matches(const store::RunRecord& record) const;
};

/// Walks one repository's runs. A record that can't be read stands as :errored with the reason; a run that is pruned
/// meanwhile is passed over.
class RunCursor {
public:
    /// `before` is a run's number; 0: from the newest.
    RunCursor(const store::Root& root, store::RepoName repo, uint64_t before, RunFilter filter)
        : m_root(&root), m_repo(std::move(repo)), m_before(before), m_filter(std::move(filter))
    {}
    /// nullopt: there is no more.
    Result<std::optional<store::RunRecord>> next();

private:
    const store::Root* m_root;
    store::RepoName m_repo;
    uint64_t m_before;
    RunFilter m_filter;
    std::vector<uint64_t> m_ahead; ///< numbers to look at, the next one last
    size_t m_batch = 2;
};

/// At most `limit` of one repository's runs.
Result<std::vector<store::RunRecord>> list_runs(const store::Root& root, const store::RepoName& repo, size_t limit,
                                                uint64_t before, const RunFilter& filter);
/// At most `limit` of all repositories' runs, by when they were queued.
Result<std::vector<store::RunRecord>> list_all_runs(const store::Root& root, size_t limit, const RunFilter& filter);

/// The run that a person means: that number, or without one the newest. not_found says what there is not.
Result<store::RunRecord> find_run(const store::Root& root, const store::RepoName& repo, std::optional<uint64_t> number);

/// How long it ran, or has been running; nullopt: it never began.
std::optional<int64_t> duration_of(const store::RunRecord& record, Instant at);

} // namespace quire::forge
