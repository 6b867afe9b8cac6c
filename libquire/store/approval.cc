#include "store/approval.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/strings.h"
#include "store/event_reader.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "text/escape.h"
#include "text/fnl.h"
#include "text/shell_words.h"

namespace quire::store {

using text::Data;

Result<void> write_waits(int run, const Waits& waits)
{
    if (waits.jobs.empty())
        return sys::exists(run, paths::run_waits) ? sys::unlink_at(run, paths::run_waits) : Result<void>();
    Data::Sequence jobs;
    for (const WaitingJob& waiting : waits.jobs) {
        Data job{Data::Table{}};
        job.set("job", waiting.job);
        job.set("until", format_instant(waiting.until));
        jobs.push_back(std::move(job));
    }
    Data data{Data::Table{}};
    data.set("idle", waits.is_idle);
    data.set("jobs", std::move(jobs));
    return sys::replace_file_unsynced(run, paths::run_waits, text::write_fnl(data));
}

Waits read_waits(int run)
{
    auto file = sys::open_regular(run, paths::run_waits, O_NOFOLLOW);
    auto content = file ? sys::read_all(file->get(), text::max_fnl_bytes, paths::run_waits)
                        : Result<std::string>(Unexpected(std::move(file).error()));
    auto data = content ? text::read_fnl(*content, paths::run_waits) : Unexpected(std::move(content).error());
    const Data* jobs = data ? data->find("jobs") : nullptr;
    if (!jobs || !jobs->sequence())
        return {};
    Waits waits{.jobs = {}, .is_idle = data->boolean_or("idle", false)};
    for (const Data& job : *jobs->sequence())
        waits.jobs.push_back({job.string_or("job", ""), parse_instant(job.string_or("until", "")).value_or(0)});
    return waits;
}

Waits undecided(Waits waits, const RunRecord& record)
{
    size_t before = waits.jobs.size();
    std::erase_if(waits.jobs, [&](const WaitingJob& waiting) {
        return std::any_of(record.approvals.begin(), record.approvals.end(),
                           [&](const Approval& approval) { return approval.job == waiting.job; });
    });
    // What was decided goes on in a moment.
    waits.is_idle = waits.is_idle && !waits.jobs.empty() && waits.jobs.size() == before;
    return waits;
}

Waits waits_of(const Root& root, const RunRecord& record)
{
    if (record.state != RunState::active)
        return {};
    auto run = sys::open_directory(root.fd(), paths::run(record.repo, record.number));
    return run ? undecided(read_waits(run->get()), record) : Waits();
}

std::string words_for(const Waits& waits, const RunRecord& record)
{
    if (waits.jobs.empty())
        return {};
    std::string words = fmt::format("waits for approval: quire approve {} {} {}", record.repo.str(), record.number,
                                    text::for_terminal(text::shell_quote(waits.jobs[0].job)));
    return waits.jobs.size() == 1 ? words : fmt::format("{} (and {} more)", words, waits.jobs.size() - 1);
}

/// A job's id can be longer than a file's name, so the name has its digest; the content says which it is.
static std::string request_name(const RunRecord& record, const std::string& job)
{
    constexpr size_t enough = 32;
    return fmt::format("{}.{}.{}", record.repo.component(), record.number, sha256_hex(job).substr(0, enough));
}

Result<void> request_approval(const Root& root, const RunRecord& record, const Approval& approval)
{
    TRY(sys::make_directories(root.fd(), paths::queue_approve)); // a root of an earlier version has none
    UniqueFd requests = TRY(sys::open_directory(root.fd(), paths::queue_approve));
    Data data = to_data(approval);
    data.set("repo", record.repo.str());
    data.set("run", static_cast<int64_t>(record.number));
    return sys::replace_file(requests.get(), request_name(record, approval.job), text::write_fnl(data));
}

Result<std::vector<ApprovalRequest>> approval_requests(const Root& root)
{
    std::vector<ApprovalRequest> requests;
    auto names = sys::list_directory(root.fd(), paths::queue_approve);
    if (!names && names.error().kind == ErrorKind::not_found)
        return requests;
    for (const std::string& name : TRY(std::move(names))) {
        if (sys::is_temporary_name(name))
            continue;
        auto content = sys::read_file(root.fd(), fmt::format("{}/{}", paths::queue_approve, name), text::max_fnl_bytes);
        auto data = content ? text::read_fnl(*content, name) : Unexpected(std::move(content).error());
        auto repo = data ? RepoName::parse(data->string_or("repo", "")) : Unexpected(data.error());
        auto approval = data ? approval_from_data(*data, name) : Unexpected(data.error());
        if (repo && approval)
            requests.push_back(
                {name, std::move(*repo), static_cast<uint64_t>(data->integer_or("run", 0)), std::move(*approval)});
    }
    return requests;
}

Result<void> drop_approval_request(const Root& root, const std::string& name)
{
    return sys::unlink_at(root.fd(), fmt::format("{}/{}", paths::queue_approve, name));
}

Result<int64_t> time_waited(int run, Instant at)
{
    int64_t waited = 0;
    Instant since = 0;
    EventReader events(run);
    while (auto event = TRY(events.next())) {
        std::string kind = event->string_or("event", "");
        Instant then = parse_instant(event->string_or("at", "")).value_or(0);
        if (kind == "run-waits" && since == 0)
            since = then;
        else if (kind == "run-goes-on" && since != 0)
            waited += std::max<int64_t>(then - std::exchange(since, 0), 0);
    }
    return waited + (since != 0 ? std::max<int64_t>(at - since, 0) : 0);
}

} // namespace quire::store
