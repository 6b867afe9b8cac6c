#include "runner/runs.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "runner/handoff.h"
#include "runner/succession.h"
#include "store/create_run.h"
#include "store/kept_workspace.h"
#include "store/task.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::runner {

namespace paths = store::paths;
using store::QueueItem;
using store::RunRecord;
using store::RunState;

void Runs::scan()
{
    m_complaints.attempt(scan_active());
    scan_unstarted();
    m_complaints.attempt(scan_queue());
    m_complaints.attempt(scan_cancel());
    m_complaints.attempt(scan_superseded());
    m_complaints.attempt(scan_kept());
    m_known.objects.forget_unused();
    m_approvals_wait = true; // if there are any
    advance();
}

/// Lets go of the workspaces of failed runs whose time is over, unless somebody is in there.
Result<void> Runs::scan_kept()
{
    if (!m_config)
        return {};
    for (const store::KeptWorkspace& kept : TRY(store::kept_workspaces(m_root)))
        if (now() - kept.since >= m_config->keep_failed)
            TRY(store::let_go(m_root, kept.repo, kept.number));
    return {};
}

/// Handles runs that another runner had claimed, and runs whose end could not be recorded. On a full disk one of them
/// may have to wait, and the others must not.
Result<void> Runs::scan_active()
{
    for (const QueueItem& item : TRY(store::list_queue(m_root, paths::queue_active))) {
        if (auto known = m_runs.find(item.entry); known != m_runs.end())
            known->second->retry();
        else
            m_complaints.attempt(take_up(item));
    }
    return {};
}

Result<void> Runs::take_up(const QueueItem& item)
{
    auto record = store::read_run_record(m_root, item.repo, item.number);
    if (!record && record.error().kind == ErrorKind::not_found)
        return store::drop_entry(m_root, item);
    if (!record)
        return Unexpected(record.error());
    if (store::is_terminal(record->state)) {
        auto told = tell_end(m_root, *record, m_config), wanted = want_signature(m_root, *record);
        m_complaints.attempt(told);
        m_complaints.attempt(wanted);
        if (told && wanted && remove_remains(m_root, item.repo, item.number, Remains::of_a_crash))
            return store::drop_entry(m_root, item);
    } else if (record->state == RunState::active && TRY(return_unbegun(item, *record))) {
        log("{} #{}: the runner that was to start it died; it is queued again", item.repo.str(), item.number);
    } else if (record->state == RunState::active) {
        add(item, *record, [&](ActiveRun& run) { run.adopt(m_config); });
    } else if (TRY(end_orphaned_preparation(m_root, *record))) {
        // It was claimed but never started.
        sys::sweep_temporaries(m_root.fd(), paths::run(item.repo, item.number));
        return store::give_back(m_root, item);
    }
    return {};
}

/// For an entry in new/ of a run that has been claimed.
Result<void> Runs::take_up_late(const QueueItem& item)
{
    // If the power failed, the disk may know of the run's record and not that its entry was moved.
    if (TRY(store::claim(m_root, item))) {
        m_complaints.attempt(take_up(item));
        return {};
    }
    // It was made late, by a process that had been suspended; the run's entry is the one in active/.
    return sys::unlink_at(m_root.fd(), fmt::format("{}/{}", paths::queue_new, item.entry));
}

/// Puts a run back into the queue that its runner died just before it could start. false: it has begun.
Result<bool> Runs::return_unbegun(const QueueItem& item, RunRecord record)
{
    UniqueFd run = TRY(sys::open_directory(m_root.fd(), paths::run(item.repo, item.number)));
    if (!has_not_begun(run.get()))
        return false;
    record.state = RunState::queued;
    record.started_at = 0;
    // In this order: if this runner dies too, the next one finds a run that was claimed and never started.
    TRY(store::write_run_record(m_root, record));
    TRY(sys::unlink_at(run.get(), paths::run_dispatch));
    TRY(store::give_back(m_root, item));
    return true;
}

/// A run that is only being prepared has not begun: if its repository is being moved, the run moves with it.
void Runs::scan_unstarted()
{
    for (auto& [entry, run] : m_runs)
        if (run->is_unstarted() && is_on_the_move(run->record().repo))
            run->give_back();
}

bool Runs::is_on_the_move(const store::RepoName& repo) const
{
    auto repository = m_root.open_repository(repo);
    return repository && sys::exists(repository->get(), paths::repository_moving);
}

Result<void> Runs::scan_queue()
{
    std::set<std::string> there;
    for (const QueueItem& item : TRY(store::list_queue(m_root, paths::queue_new))) {
        there.insert(item.entry);
        if (m_waiting.contains(item.entry))
            continue;
        auto record = store::read_run_record(m_root, item.repo, item.number);
        if (record && record->state == RunState::queued) {
            m_waiting.emplace(item.entry, std::move(*record));
        } else if (record) {
            TRY(take_up_late(item));
        } else if (record.error().kind == ErrorKind::not_found) {
            TRY(store::drop_entry(m_root, item));
        } else {
            m_complaints.attempt(Unexpected(record.error()));
        }
    }
    std::erase_if(m_waiting, [&](const auto& waiting) { return !there.contains(waiting.first); });
    return {};
}

Result<void> Runs::scan_cancel()
{
    for (const std::string& name : TRY(sys::list_directory(m_root.fd(), paths::queue_cancel))) {
        auto wanted = paths::parse_cancel_request(name);
        if (!wanted)
            continue;
        std::string path = paths::cancel_request(wanted->repo, wanted->number);
        auto who = sys::read_file(m_root.fd(), path, 4096);
        if (!who)
            continue; // removed with its run
        std::string by = visible(trim(*who));
        Stop stop{RunState::canceled, by.empty() ? "canceled" : fmt::format("canceled by {}", by)};
        auto is_meant = [&](const RunRecord& record) {
            return record.repo == wanted->repo && record.number == wanted->number;
        };
        bool lives = false;
        for (auto& [entry, run] : m_runs)
            if (is_meant(run->record())) {
                run->stop(stop);
                lives = true;
            }
        std::vector<std::string> queued;
        for (const auto& [entry, record] : m_waiting)
            if (is_meant(record))
                queued.push_back(entry);
        for (const std::string& entry : queued) {
            TRY(end_waiting(entry, stop));
            lives = true;
        }
        if (lives)
            continue;
        auto record = store::read_run_record(m_root, wanted->repo, wanted->number);
        if (!record || store::is_terminal(record->state))
            (void)sys::unlink_at(m_root.fd(), path);
    }
    return {};
}

/// Of the unfinished runs for pushes to one branch, all but the newest are superseded.
Result<void> Runs::scan_superseded()
{
    struct Live {
        std::vector<const RunRecord*> records;
        std::map<uint64_t, std::string> waiting;
        std::map<uint64_t, ActiveRun*> active;
    };
    std::map<std::pair<std::string, std::string>, Live> branches;
    for (const auto& [entry, record] : m_waiting)
        if (can_be_superseded(record)) {
            Live& live = branches[{record.repo.str(), record.ref}];
            live.records.push_back(&record);
            live.waiting.emplace(record.number, entry);
        }
    for (const auto& [entry, run] : m_runs)
        if (can_be_superseded(run->record()) && !run->is_over()) {
            Live& live = branches[{run->record().repo.str(), run->record().ref}];
            live.records.push_back(&run->record());
            live.active.emplace(run->record().number, run.get());
        }
    for (const auto& [branch, live] : branches) {
        if (live.records.size() < 2)
            continue;
        auto repository = m_root.open_repository(live.records[0]->repo);
        if (!repository)
            continue;
        auto reflog = TRY(git::read_reflog_tail(repository->get(), branch.second));
        for (const auto& [number, successor] : find_superseded(reflog, live.records)) {
            Stop stop{RunState::superseded, fmt::format("superseded by #{}", successor), successor};
            if (auto active = live.active.find(number); active != live.active.end())
                active->second->stop(stop);
            else
                TRY(end_waiting(live.waiting.at(number), stop));
        }
    }
    return {};
}

/// Ends a queued run that has not begun. It is claimed first; from then on its record is ours to write.
Result<void> Runs::end_waiting(const std::string& entry, const Stop& stop)
{
    auto waiting = m_waiting.find(entry);
    QueueItem item{entry, waiting->second.repo, waiting->second.number};
    RunRecord record = std::move(waiting->second);
    m_waiting.erase(waiting);
    if (!TRY(store::claim(m_root, item)))
        return {};
    return end_claimed(item, std::move(record), stop);
}

Result<void> Runs::end_claimed(const QueueItem& item, RunRecord record, const Stop& stop)
{
    record.state = stop.state;
    record.reason = stop.reason;
    record.superseded_by = stop.superseded_by;
    record.ended_at = now();
    TRY(store::write_run_record(m_root, record));
    // A runner that ended while it prepared the run has left a workspace. While it can't be removed, the entry stays.
    if (!remove_remains(m_root, item.repo, item.number, Remains::of_a_crash))
        return {};
    return store::drop_entry(m_root, item);
}

size_t Runs::places() const
{
    return m_config ? static_cast<size_t>(std::max<int64_t>(m_config->max_concurrent_runs, 0)) : 0;
}

/// Runs that only wait for approval take no place. But each keeps a process and a workspace, so only so many are let
/// off; further ones do take a place.
Runs::Load Runs::load() const
{
    constexpr size_t most_idle = 20;
    Load load;
    for (const auto& [entry, run] : m_runs)
        if (load.idle < most_idle && run->is_idle())
            ++load.idle;
        else if (run->takes_place())
            ++load.taken;
        else if (!run->is_ahead())
            ++load.ended;
    return load;
}

Result<void> Runs::scan_approvals()
{
    if (!m_approvals_wait)
        return {}; // a new one wakes the runner, which scans then
    bool wait = false;
    for (const store::ApprovalRequest& request : TRY(store::approval_requests(m_root)))
        if (TRY(carry_out(request)))
            TRY(store::drop_approval_request(m_root, request.name));
        else
            wait = true;
    m_approvals_wait = wait;
    return {};
}

/// false: it has to wait, because the job that was approved needs a place to run.
Result<bool> Runs::carry_out(const store::ApprovalRequest& request)
{
    for (auto& [entry, run] : m_runs) {
        if (run->record().repo != request.repo || run->record().number != request.number)
            continue;
        if (request.approval.is_given && run->is_idle() && load().taken >= places())
            return false;
        if (!TRY(run->decide(request.approval)))
            log("{} #{}: job '{}' does not wait for approval any more", request.repo.str(), request.number,
                visible(request.approval.job));
        return true;
    }
    auto record = store::read_run_record(m_root, request.repo, request.number);
    return !record || record->state != RunState::active; // otherwise it is about to be adopted
}

/// Lets those go on that were approved, and then starts those that were prepared ahead, if there is a place for them.
void Runs::start_ready()
{
    m_complaints.attempt(scan_approvals());
    size_t taken = load().taken;
    for (const auto& [entry, run] : m_runs) // the oldest first
        if (taken < places() && run->is_ahead()) {
            run->go(*m_config);
            ++taken;
        }
}

void Runs::advance()
{
    start_ready();
    auto [taken, idle, ended] = load();
    constexpr size_t ahead = 1; // prepared while others run, so that it need not wait for git
    // If a repository is being moved, its runs move too and are queued again under the new name.
    for (auto next = m_waiting.begin();
         next != m_waiting.end() && places() > 0 && m_runs.size() - ended - idle < places() + ahead;) {
        auto waiting = next++;
        if (is_on_the_move(waiting->second.repo))
            continue;
        QueueItem item{waiting->first, waiting->second.repo, waiting->second.number};
        RunRecord record = std::move(waiting->second);
        m_waiting.erase(waiting);
        size_t before = m_runs.size();
        m_complaints.attempt(start(item, std::move(record),
                                   taken < places() ? ActiveRun::Start::when_prepared : ActiveRun::Start::when_told));
        taken += m_runs.size() - before;
    }
}

Result<void> Runs::start(const QueueItem& item, RunRecord record, ActiveRun::Start when)
{
    if (!TRY(store::claim(m_root, item)))
        return {};
    Stop stop;
    if (TRY(is_outdated(record, stop)))
        return end_claimed(item, std::move(record), stop);
    add(item, std::move(record), [&](ActiveRun& run) { run.begin(*m_config, when); });
    return {};
}

/// Whether a newer push to the branch has had its run already, since the hooks of two pushes can finish out of order.
Result<bool> Runs::is_outdated(const RunRecord& record, Stop& stop)
{
    if (!can_be_superseded(record))
        return false;
    auto repository = m_root.open_repository(record.repo);
    if (!repository)
        return false; // starting the run will report the error
    auto reflog = TRY(git::read_reflog_tail(repository->get(), record.ref));
    if (reflog.empty() || reflog.back().new_id == record.sha)
        return false;
    constexpr size_t looked_at = 50;
    std::vector<RunRecord> others;
    for (uint64_t number : TRY(store::newest_runs(m_root, record.repo, looked_at)))
        if (auto other = store::read_run_record(m_root, record.repo, number);
            other && other->ref == record.ref && can_be_superseded(*other))
            others.push_back(std::move(*other));
    std::vector<const RunRecord*> all{&record};
    for (const RunRecord& other : others)
        if (other.number != record.number)
            all.push_back(&other);
    auto superseded = find_superseded(reflog, all);
    auto found = superseded.find(record.number);
    if (found == superseded.end())
        return false;
    stop = {RunState::superseded, fmt::format("superseded by #{}", found->second), found->second};
    return true;
}

void Runs::add(const QueueItem& item, RunRecord record, const std::function<void(ActiveRun&)>& begin)
{
    RunContext context{m_root, m_loop, *m_launcher, m_known, m_config, [this] { start_ready(); }};
    auto run = std::make_unique<ActiveRun>(std::move(context), item, std::move(record), [this] { run_is_over(); });
    ActiveRun& added = *run;
    m_runs.emplace(item.entry, std::move(run));
    begin(added);
}

/// What its tests came to is remembered. Unsynced: a later run's task, or `quire tests`, reads them all the same.
Result<void> Runs::notice_reports(const RunRecord& record)
{
    std::string reports = fmt::format("{}/{}", paths::run(record.repo, record.number), paths::run_reports);
    if (!sys::exists(m_root.fd(), reports))
        return {};
    return store::add_task(m_root, {.kind = "tests", .repo = record.repo}, store::Durability::unsynced);
}

void Runs::run_is_over()
{
    size_t over = std::erase_if(m_runs, [this](const auto& run) {
        if (!run.second->is_over())
            return false;
        m_complaints.attempt(notice_reports(run.second->record()));
        return true;
    });
    advance();
    m_ended(over);
}

bool Runs::is_starting(int64_t moment) const
{
    return std::any_of(m_runs.begin(), m_runs.end(), [&](const auto& entry) {
        const ActiveRun& run = *entry.second;
        int64_t age = now() - run.record().started_at;
        return run.takes_place() && (run.is_unstarted() || (age >= 0 && age < moment));
    });
}

bool Runs::is_busy() const
{
    bool may_start = m_config && m_config->max_concurrent_runs > 0;
    return m_runs.size() > load().idle || (may_start && !m_waiting.empty());
}

} // namespace quire::runner
