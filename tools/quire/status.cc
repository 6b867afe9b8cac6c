// status: how the forge is, on one screen. It looks at the newest runs only, so that it costs the same on a large
// forge.
#include <algorithm>

#include "base/log.h"
#include "cli/table.h"
#include "findings.h"
#include "forge/run_list.h"
#include "git/ref_name.h"
#include "store/approval.h"
#include "store/intent.h"
#include "store/mirror.h"
#include "store/queue.h"
#include "store/replica.h"
#include "store/repositories.h"
#include "store/task.h"
#include "sys/lock.h"
#include "sys/space.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using store::RunRecord;

namespace {

constexpr size_t most_shown = 5;
/// Of these runs, the newest ones, the failed ones are told.
constexpr size_t runs_looked_at = 100;

struct Status {
    bool has_runner = false;
    size_t repositories = 0, queued = 0, active = 0;
    std::vector<RunRecord> first_queued, first_active, failed;
    size_t tasks_waiting = 0, tasks_failing = 0;
    size_t mirrors = 0, mirrors_failing = 0;
    std::string backup;
    std::string replica; ///< "": it is none
    sys::Space disk;
    std::vector<forge::Finding> attention;
};

Result<std::vector<RunRecord>> read_queue(const store::Root& root, const char* queue, size_t& count)
{
    std::vector<store::QueueItem> items = TRY(store::list_queue(root, queue));
    count = items.size();
    std::vector<RunRecord> records;
    for (const store::QueueItem& item : items)
        if (records.size() < most_shown)
            if (auto record = store::read_run_record(root, item.repo, item.number))
                records.push_back(std::move(*record));
    return records;
}

/// For the last column: an active run has no reason yet, but may wait for somebody.
std::vector<RunRecord> with_waits(const store::Root& root, std::vector<RunRecord> runs)
{
    for (RunRecord& run : runs)
        run.reason = store::words_for(store::waits_of(root, run), run);
    return runs;
}

bool has_gone_wrong(const RunRecord& run)
{
    using enum store::RunState;
    return run.state == failed || run.state == errored || run.state == timed_out;
}

Result<void> look_at_runs(const store::Root& root, Status& status)
{
    status.first_queued = TRY(read_queue(root, store::paths::queue_new, status.queued));
    status.first_active = TRY(read_queue(root, store::paths::queue_active, status.active));
    for (RunRecord& run : TRY(forge::list_all_runs(root, runs_looked_at, {})))
        if (has_gone_wrong(run) && status.failed.size() < most_shown)
            status.failed.push_back(std::move(run));
    return {};
}

Result<void> look_at_mirrors(const store::Root& root, Status& status)
{
    for (const store::RepoName& name : TRY(store::list_repositories(root))) {
        status.repositories++;
        auto repository = root.open_repository(name);
        if (!repository)
            continue; // renamed meanwhile
        for (const store::Mirror& mirror : store::list_mirrors(repository->get()).value_or({})) {
            status.mirrors++;
            status.mirrors_failing += mirror.status.word() == "failing" ? 1 : 0;
        }
    }
    return {};
}

void look_at_machine(const store::Root& root, Status& status)
{
    using forge::Severity;
    constexpr uint64_t low = 1'000'000'000;
    status.has_runner = sys::is_locked(root.fd(), store::paths::runner_lock).value_or(false);
    if (!status.has_runner && !store::is_replica(root))
        status.attention.push_back(
            {Severity::warning, "runner", "quire-runner is not running", "start it: queued runs wait for it"});
    status.disk = sys::space_of(root.fd()).value_or({});
    if (status.disk.free_bytes < low)
        status.attention.push_back(
            {Severity::failure, "disk", cli::format_size(status.disk.free_bytes) + " are free", "make room"});
}

Result<void> look_at_tasks(const store::Root& root, Status& status)
{
    for (const store::Task& task : TRY(store::list_tasks(root, store::TaskPlace::waiting))) {
        status.tasks_waiting++;
        if (task.attempts == 0)
            continue;
        status.tasks_failing++;
        if (status.tasks_failing <= most_shown)
            status.attention.push_back(
                {forge::Severity::warning, "tasks",
                 fmt::format("{} has failed {} times: {}", task.id(), task.attempts, task.last_error), "quire tasks"});
    }
    for (const store::LostIntent& lost : TRY(store::list_lost_intents(root)))
        status.attention.push_back({forge::Severity::warning, "pushes", lost.story, "quire doctor"});
    return {};
}

Result<Status> look(const store::Root& root)
{
    Status status;
    look_at_machine(root, status);
    TRY(look_at_runs(root, status));
    TRY(look_at_tasks(root, status));
    TRY(look_at_mirrors(root, status));
    for (forge::Finding& finding : delivery_findings(root)) {
        if (finding.check == "backup")
            status.backup = finding.text;
        if (finding.check == "replica")
            status.replica = finding.text;
        if (finding.severity != forge::Severity::ok)
            status.attention.push_back(std::move(finding));
    }
    return status;
}

text::Data to_data(const std::vector<RunRecord>& runs)
{
    text::Data::Sequence list;
    for (const RunRecord& run : runs)
        list.push_back(store::to_data(run));
    return list;
}

text::Data to_data(const Status& status)
{
    text::Data data{text::Data::Table{}};
    data.set("runner", status.has_runner);
    data.set("repositories", status.repositories);
    data.set("queued", status.queued);
    data.set("active", status.active);
    data.set("first-queued", to_data(status.first_queued));
    data.set("first-active", to_data(status.first_active));
    data.set("failed", to_data(status.failed));
    data.set("tasks-waiting", status.tasks_waiting);
    data.set("tasks-failing", status.tasks_failing);
    data.set("mirrors", status.mirrors);
    data.set("mirrors-failing", status.mirrors_failing);
    data.set("backup", status.backup);
    if (!status.replica.empty())
        data.set("replica", status.replica);
    data.set("free-bytes", status.disk.free_bytes);
    data.set("total-bytes", status.disk.total_bytes);
    data.set("attention", forge::to_data(status.attention));
    return data;
}

std::string runs_text(const std::vector<RunRecord>& runs, size_t count)
{
    std::vector<std::vector<std::string>> rows;
    for (const RunRecord& run : runs)
        rows.push_back({"", fmt::format("{} #{}", run.repo.str(), run.number), git::shown_ref(run.ref),
                        text::for_terminal(run.pusher), cli::format_age(run.queued_at, now()),
                        text::for_terminal(std::string_view(run.reason).substr(0, 80))});
    std::string text = cli::format_table(rows, std::vector(6, cli::Align::left));
    return count > runs.size() ? fmt::format("{}  and {} more\n", text, count - runs.size()) : text;
}

std::string to_text(const store::Root& root, const Status& status)
{
    std::string text;
    if (!status.replica.empty())
        text += fmt::format("replica  {}\n", text::for_terminal(status.replica));
    text += fmt::format("runner   {}\n", status.has_runner ? "is there" : "is not running");
    text +=
        fmt::format("active   {}\n{}", status.active, runs_text(with_waits(root, status.first_active), status.active));
    text += fmt::format("queued   {}\n{}", status.queued, runs_text(status.first_queued, status.queued));
    text +=
        fmt::format("failed   {} lately\n{}", status.failed.empty() ? "none" : "these", runs_text(status.failed, 0));
    text += fmt::format("tasks    {} wait, {} of them failed before\n", status.tasks_waiting, status.tasks_failing);
    text += fmt::format("mirrors  {}, {} failing\n", status.mirrors, status.mirrors_failing);
    text += fmt::format("backup   {}\n", text::for_terminal(status.backup));
    text += fmt::format("disk     {} of {} are free\n", cli::format_size(status.disk.free_bytes),
                        cli::format_size(status.disk.total_bytes));
    if (status.attention.empty())
        return text + "\nnothing needs attention\n";
    text += "\nneeds attention:\n";
    for (const forge::Finding& finding : status.attention)
        text += fmt::format("  {}: {}\n    {}\n", finding.check, text::for_terminal(finding.text),
                            text::for_terminal(finding.advice));
    return text;
}

} // namespace

Result<int> verb_status(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    Status status = TRY(look(root));
    TRY(cli::print(options.has("json") ? text::write_json(to_data(status)) + "\n" : to_text(root, status)));
    return 0;
}

} // namespace quire::tool
