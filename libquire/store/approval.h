// Approvals: a job with :approve waits until somebody says that it may run.
//
// Each file has one writer. quire-ci lists the jobs that wait in the run's waits.fnl. `quire approve` leaves a request
// in runs/.queue/approve. The runner writes what was decided into the run's record and drops the request; quire-ci
// reads the record. So a decision survives whatever dies, and nothing a pushed pipeline writes is one.
#pragma once

#include "store/run_record.h"

namespace quire::store {

struct WaitingJob {
    std::string job;
    Instant until = 0; ///< then it fails
};

struct Waits {
    std::vector<WaitingJob> jobs;
    bool is_idle = false; ///< nothing else of the run is going on
};

/// Into the run's open directory. If no job waits, the file goes.
Result<void> write_waits(int run, const Waits& waits);
/// None if there is no such file, or if it can't be read.
Waits read_waits(int run);
/// Those of an active run about which nobody has decided yet.
Waits undecided(Waits waits, const RunRecord& record);
/// Reads them; a run that is not active has none.
Waits waits_of(const Root& root, const RunRecord& record);

/// "waits for approval: quire approve foo 42 deploy", for a terminal or a page; empty if nothing waits.
std::string words_for(const Waits& waits, const RunRecord& record);

struct ApprovalRequest {
    std::string name; ///< of its file
    RepoName repo;
    uint64_t number = 0;
    Approval approval;
};

/// Durable. A later one for the job replaces it, until the runner has seen it.
Result<void> request_approval(const Root& root, const RunRecord& record, const Approval& approval);
/// What can't be read is left out.
Result<std::vector<ApprovalRequest>> approval_requests(const Root& root);
Result<void> drop_approval_request(const Root& root, const std::string& name);

/// How long the run has been waiting with nothing else going on, as its events say.
Result<int64_t> time_waited(int run, Instant at);

} // namespace quire::store
