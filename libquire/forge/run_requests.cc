#include "forge/run_requests.h"

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "git/git.h"
#include "store/bisect_source.h"
#include "store/create_run.h"
#include "store/event_reader.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/lock.h"

namespace quire::forge {

using store::RunRecord;

Result<bool> runner_lives(const store::Root& root) { return sys::is_locked(root.fd(), store::paths::runner_lock); }

static Unexpected has_ended(const RunRecord& record)
{
    return fail(ErrorKind::refused, "run #{} of {} has ended already: {}{}{}", record.number, record.repo.str(),
                to_string(record.state), record.reason.empty() ? "" : ", ", record.reason);
}

Result<void> request_cancel(const store::Root& root, const RunRecord& record, std::string_view who)
{
    if (is_terminal(record.state))
        return has_ended(record);
    std::string path = store::paths::cancel_request(record.repo, record.number);
    UniqueFd requests = TRY(sys::open_directory(root.fd(), store::paths::queue_cancel));
    TRY(sys::replace_file(requests.get(), path.substr(path.rfind('/') + 1), visible(who) + "\n"));
    // The run may have ended meanwhile, after the runner last looked for requests.
    RunRecord current = TRY(store::read_run_record(root, record.repo, record.number));
    if (!is_terminal(current.state))
        return {};
    auto removed = sys::unlink_at(root.fd(), path);
    if (!removed && removed.error().kind != ErrorKind::not_found)
        return removed;
    if (current.state == store::RunState::canceled)
        return {};
    return has_ended(current);
}

/// Why the job can't be decided about.
static Unexpected waits_not(const store::Waits& waits, const RunRecord& record, const std::string& job)
{
    std::vector<std::string> ids;
    for (const store::WaitingJob& waiting : waits.jobs)
        ids.push_back(waiting.job);
    std::string others = ids.empty() ? "none of its jobs does" : "those that do are " + join(ids, ", ");
    if (job.empty())
        return fail(ErrorKind::refused, "run #{} of {}: say which job; {}", record.number, record.repo.str(), others);
    return fail(ErrorKind::refused, "job '{}' of run #{} of {} does not wait for approval; {}", visible(job),
                record.number, record.repo.str(), others);
}

Result<void> request_approval(const store::Root& root, const RunRecord& record, store::Approval& approval)
{
    if (is_terminal(record.state))
        return has_ended(record);
    if (!approval.job.empty())
        TRY(check_job(root, record, approval.job));
    store::Waits waits = store::waits_of(root, record);
    if (approval.job.empty() && waits.jobs.size() == 1)
        approval.job = waits.jobs[0].job;
    if (std::none_of(waits.jobs.begin(), waits.jobs.end(),
                     [&](const store::WaitingJob& waiting) { return waiting.job == approval.job; }))
        return waits_not(waits, record, approval.job);
    return store::request_approval(root, record, approval);
}

Result<void> check_commit(const store::Root& root, const RunRecord& record)
{
    if (!from_hex(record.sha) || record.sha.empty())
        return fail(ErrorKind::invalid, "the record of run #{} of {} names no commit", record.number,
                    record.repo.str());
    UniqueFd repository = TRY(root.open_repository(record.repo));
    if (sys::exists(repository.get(), store::paths::repository_moving))
        return fail(ErrorKind::busy, "{} is being renamed or removed; try again in a moment", record.repo.str());
    sys::Output found = TRY(git::run(repository.get(), {"cat-file", "-e", record.sha + "^{commit}"}));
    if (found.status != 0)
        return fail(ErrorKind::refused,
                    "run #{} of {} can't be repeated: its commit {} is not in the repository any more", record.number,
                    record.repo.str(), visible(record.sha.substr(0, 12)));
    return {};
}

/// The jobs in the run's graph; none if the graph was not recorded.
static Result<std::vector<std::string>> jobs_of(const store::Root& root, const store::RunRecord& record)
{
    std::vector<std::string> ids;
    UniqueFd run = TRY(sys::open_directory(root.fd(), store::paths::run(record.repo, record.number)));
    store::EventReader events(run.get());
    while (auto event = TRY(events.next())) {
        const text::Data* jobs = event->find("jobs");
        if (event->string_or("event", "") != "run-started" || !jobs || !jobs->sequence())
            continue;
        for (const text::Data& job : *jobs->sequence())
            ids.push_back(job.string_or("id", ""));
        break;
    }
    return ids;
}

Result<void> check_job(const store::Root& root, const RunRecord& record, const std::string& job)
{
    std::vector<std::string> ids = TRY(jobs_of(root, record));
    if (ids.empty() || std::find(ids.begin(), ids.end(), job) != ids.end())
        return {};
    auto meant = nearest(job, ids);
    return fail(ErrorKind::not_found, "run #{} of {} has no job '{}'; {}", record.number, record.repo.str(),
                visible(job), meant ? fmt::format("did you mean '{}'?", *meant) : "there are " + join(ids, ", "));
}

Result<RunRecord> rerun(const store::Root& root, const RunRecord& record, const Rerun& what)
{
    if (!is_terminal(record.state))
        return fail(ErrorKind::refused, "run #{} of {} is {}: wait for its end, or cancel it", record.number,
                    record.repo.str(), to_string(record.state));
    for (const std::string* job : {&what.only_job, &what.from_job})
        if (!job->empty())
            TRY(check_job(root, record, *job));
    if (what.failed && record.state == store::RunState::succeeded)
        return fail(ErrorKind::refused, "run #{} of {} succeeded: nothing in it failed", record.number,
                    record.repo.str());
    TRY(check_commit(root, record));
    bool is_whole = what.only_job.empty() && what.from_job.empty() && !what.failed;
    if (store::is_of_bisection(record) && !is_whole && what.only_job != record.only_job)
        return fail(ErrorKind::refused,
                    "run #{} of {} is of a bisection, and tried '{}' alone: no other job can follow", record.number,
                    record.repo.str(), visible(record.only_job));
    auto made = TRY(store::create_runs(root, record.repo,
                                       {{.source = record.source,
                                         .event = record.event,
                                         .parameters = record.parameters,
                                         .reran = record.number,
                                         .only_failed = what.failed,
                                         .only_job = store::is_of_bisection(record) ? record.only_job : what.only_job,
                                         .from_job = what.from_job,
                                         .debug = what.debug,
                                         .ref = record.ref,
                                         .sha = record.sha,
                                         .previous_sha = record.previous_sha,
                                         .pusher = record.pusher,
                                         .push_id = record.push_id,
                                         .forced = record.forced}}));
    return std::move(made[0]);
}

} // namespace quire::forge
