// cancel, approve, rerun and replay: verbs for one run.
#include "base/log.h"
#include "base/strings.h"
#include "forge/replay.h"
#include "forge/run_list.h"
#include "forge/run_requests.h"
#include "sys/process.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using store::RunRecord;

/// The run that the two operands name.
static Result<RunRecord> run_of(const store::Root& root, const cli::Options& options)
{
    uint64_t number = TRY(Call::run_number(options.operands()[1]));
    return forge::find_run(root, TRY(Call::repository(root, options.operands()[0])), number);
}

Result<int> verb_cancel(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    RunRecord record = TRY(run_of(root, options));
    TRY(forge::request_cancel(root, record, sys::process_variable("QUIRE_PUSHER").value_or("operator")));
    bool lives = TRY(forge::runner_lives(root));
    TRY(cli::print(
        fmt::format("run #{} of {} is {}\n", record.number, record.repo.str(),
                    lives ? "being canceled" : "to be canceled; no runner is alive, the next one will do it")));
    return 0;
}

Result<int> verb_approve(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    RunRecord record = TRY(run_of(root, options));
    auto denied = options.value("deny");
    store::Approval approval{.job = options.operands().size() > 2 ? options.operands()[2] : "",
                             .is_given = !denied,
                             .by = visible(sys::process_variable("QUIRE_PUSHER").value_or("operator")),
                             .reason = visible(trim(denied.value_or(""))),
                             .at = now()};
    if (denied && approval.reason.empty())
        return fail(ErrorKind::usage, "approve: --deny is followed by a reason");
    TRY(forge::request_approval(root, record, approval));
    bool lives = TRY(forge::runner_lives(root));
    TRY(cli::print(fmt::format("job '{}' of run #{} of {} is {}{}\n", visible(approval.job), record.number,
                               record.repo.str(), approval.is_given ? "approved" : "denied",
                               lives ? "" : "; no runner is alive, the next one will see to it")));
    return 0;
}

Result<int> verb_rerun(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    RunRecord record = TRY(run_of(root, options));
    forge::Rerun what{.failed = options.has("failed"),
                      .only_job = options.value("job").value_or(""),
                      .from_job = options.value("from").value_or(""),
                      .debug = options.has("debug")};
    if (what.failed + !what.only_job.empty() + !what.from_job.empty() > 1)
        return fail(ErrorKind::usage, "rerun: --failed, --job and --from each say what runs again; give one of them");
    RunRecord made = TRY(forge::rerun(root, record, what));
    if (options.has("json"))
        TRY(cli::print(text::write_json(to_data(made)) + "\n"));
    else
        TRY(cli::print(fmt::format("run #{} queued, a repetition of #{}\n", made.number, record.number)));
    return 0;
}

Result<int> verb_replay(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    RunRecord record = TRY(run_of(root, options));
    forge::Replay replay = TRY(forge::plan_replay(root, record, options.value("job").value_or("")));
    if (options.has("run"))
        return forge::run_replay(root, replay, TRY(forge::find_installation()));
    TRY(cli::print(forge::commands_of(replay)));
    return 0;
}

} // namespace quire::tool
