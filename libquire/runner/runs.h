// Runs: the runs of a data root, from the queue to their ends. One half of what quire-runner does; tasks.h is the
// other.
//
// A scan reads what is on disk and never remembers what another program could have changed. Runs start oldest first, as
// many at once as the config allows; none starts while the config can't be read. One further run is claimed and
// prepared ahead. A run in which nothing goes on but waiting for approval takes no place; an approval waits for one.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "runner/active_run.h"
#include "runner/complaints.h"
#include "runner/launcher.h"
#include "store/approval.h"

namespace quire::runner {

class Runs {
public:
    using Ended = std::function<void(size_t count)>;

    /// `config` is empty while it can't be read. `ended` is called when runs have left the queue, or when one is stuck.
    /// The root, the loop, the config and the complaints must outlive it.
    Runs(const store::Root& root, sys::Loop& loop, std::unique_ptr<Launcher> launcher,
         const std::optional<store::GlobalConfig>& config, Complaints& complaints, Ended ended)
        : m_root(root), m_loop(loop), m_launcher(std::move(launcher)), m_config(config), m_complaints(complaints),
          m_ended(std::move(ended))
    {}

    /// Looks at the queue, starts the runs that may start, and ends those that must end.
    void scan();
    /// Whether something is running or about to run.
    bool is_busy() const;
    /// Whether a run is about to start, or started less than `moment` nanoseconds ago and has not ended.
    bool is_starting(int64_t moment) const;

private:
    Result<void> scan_active();
    Result<void> take_up(const store::QueueItem& item);
    Result<void> take_up_late(const store::QueueItem& item);
    Result<bool> return_unbegun(const store::QueueItem& item, store::RunRecord record);
    void scan_unstarted();
    bool is_on_the_move(const store::RepoName& repo) const;
    Result<void> scan_queue();
    Result<void> scan_cancel();
    Result<void> scan_superseded();
    Result<void> scan_kept();
    size_t places() const;
    void start_ready();
    void advance();
    struct Load {
        size_t taken = 0; ///< places
        size_t idle = 0;  ///< runs that take none, because they only wait for approval
        size_t ended = 0; ///< runs whose end is not recorded yet
    };
    Load load() const;
    Result<void> scan_approvals();
    Result<bool> carry_out(const store::ApprovalRequest& request);
    Result<void> start(const store::QueueItem& item, store::RunRecord record, ActiveRun::Start when);
    Result<bool> is_outdated(const store::RunRecord& record, Stop& stop);
    Result<void> end_waiting(const std::string& entry, const Stop& stop);
    Result<void> end_claimed(const store::QueueItem& item, store::RunRecord record, const Stop& stop);
    void add(const store::QueueItem& item, store::RunRecord record, const std::function<void(ActiveRun&)>& begin);
    Result<void> notice_reports(const store::RunRecord& record);
    void run_is_over();

    const store::Root& m_root;
    sys::Loop& m_loop;
    std::unique_ptr<Launcher> m_launcher;
    const std::optional<store::GlobalConfig>& m_config;
    Complaints& m_complaints;
    Ended m_ended;
    Known m_known;
    std::map<std::string, std::unique_ptr<ActiveRun>> m_runs; ///< claimed runs, by entry
    std::map<std::string, store::RunRecord> m_waiting;        ///< queued runs, by entry: the oldest first
    bool m_approvals_wait = true;                             ///< whether some request may be left
};

} // namespace quire::runner
