// Lists runs, newest first. Records are read one by one from the newest down, so the cost depends on what is shown.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "store/run_record.h"

namespace quire::forge {

struct RunFilter {
    std::string ref; ///< a full name, or the name of a branch or tag; "": any
    std::optional<store::RunState> state;

    bool matches(const store::RunRecord& record) const;
};

/// Walks over the runs of one repository. A record that can't be read appears as :errored with the reason; a run that
/// is pruned meanwhile is skipped.
class RunCursor {
public:
    /// `before` is the number of a run; 0: start at the newest.
    RunCursor(const store::Root& root, store::RepoName repo, uint64_t before, RunFilter filter)
        : m_root(&root), m_repo(std::move(repo)), m_before(before), m_filter(std::move(filter))
    {}
    /// nullopt: there are no more.
    Result<std::optional<store::RunRecord>> next();

private:
    const store::Root* m_root;
    store::RepoName m_repo;
    uint64_t m_before;
    RunFilter m_filter;
    std::vector<uint64_t> m_ahead; ///< numbers to look at; the next one is last
    size_t m_batch = 2;
};

/// At most `limit` runs of one repository.
Result<std::vector<store::RunRecord>> list_runs(const store::Root& root, const store::RepoName& repo, size_t limit,
                                                uint64_t before, const RunFilter& filter);
/// At most `limit` runs of all repositories, by the time they were queued.
Result<std::vector<store::RunRecord>> list_all_runs(const store::Root& root, size_t limit, const RunFilter& filter);

/// The run with that number, or the newest if there is no number. ErrorKind::not_found says what is missing.
Result<store::RunRecord> find_run(const store::Root& root, const store::RepoName& repo, std::optional<uint64_t> number);

/// How long it ran, or has been running; nullopt if it never started.
std::optional<int64_t> duration_of(const store::RunRecord& record, Instant at);

} // namespace quire::forge
