// runs: lists finished, active and queued runs.
#include "base/log.h"
#include "base/strings.h"
#include "cli/table.h"
#include "forge/run_list.h"
#include "git/ref_name.h"
#include "store/approval.h"
#include "store/run_failure.h"
#include "sys/file.h"
#include "text/controls.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using store::RunRecord;

/// Whether skipped runs that follow each other are shown as one line.
enum class Skipped { listed, folded };

/// in a line of the list; `quire logs` shows all of it
constexpr size_t max_reason = 300;

/// What it waits for, or why it ended, and for a failure the last line of what failed.
static std::string reason_of(const store::Root& root, const RunRecord& run)
{
    if (run.state == store::RunState::active)
        return text::cut(store::words_for(store::waits_of(root, run), run), max_reason);
    std::string reason = text::for_terminal(run.reason);
    auto directory = run.state == store::RunState::failed
                         ? sys::open_directory(root.fd(), store::paths::run(run.repo, run.number))
                         : Result<UniqueFd>(UniqueFd());
    auto failures = directory && *directory ? store::tell_failures(directory->get()) : std::vector<store::JobFailure>();
    if (!failures.empty() && !failures[0].job.empty() && !failures[0].lines.empty())
        reason += " | " + failures[0].lines.back();
    return text::cut(reason, max_reason);
}

static std::string table_of(const store::Root& root, const std::vector<RunRecord>& runs, bool with_names,
                            Skipped skipped)
{
    Instant at = now();
    std::vector<std::vector<std::string>> rows;
    for (size_t i = 0; i < runs.size(); ++i) {
        const RunRecord& run = runs[i];
        size_t alike = 1;
        auto is_skipped = [](const RunRecord& one) { return one.state == store::RunState::skipped; };
        while (skipped == Skipped::folded && is_skipped(run) && i + alike < runs.size() && is_skipped(runs[i + alike]))
            ++alike;
        if (alike > 1) {
            rows.push_back({"", "", "skipped", fmt::format("{} runs that had nothing to do", alike)});
            i += alike - 1;
            continue;
        }
        auto duration = forge::duration_of(run, at);
        rows.push_back({with_names ? run.repo.str() : "", fmt::format("#{}", run.number),
                        std::string(store::to_string(run.state)), git::shown_ref(run.ref),
                        text::for_terminal(run.sha.substr(0, 8)), text::for_terminal(run.pusher),
                        run.queued_at ? cli::format_age(run.queued_at, at) : "",
                        duration ? format_duration(*duration) : "", reason_of(root, run)});
    }
    using cli::Align;
    return cli::format_table(rows, {Align::left, Align::right, Align::left, Align::left, Align::left, Align::left,
                                    Align::left, Align::right, Align::left});
}

static std::string json_of(const store::Root& root, const std::vector<RunRecord>& runs)
{
    Instant at = now();
    text::Data::Sequence list;
    for (const RunRecord& run : runs) {
        text::Data data = to_data(run);
        if (auto duration = forge::duration_of(run, at))
            data.set("duration", static_cast<double>(*duration) / nanoseconds_per_second);
        text::Data::Sequence waiting;
        for (store::WaitingJob& job : store::waits_of(root, run).jobs)
            waiting.emplace_back(std::move(job.job));
        if (!waiting.empty())
            data.set("waits-for-approval", std::move(waiting));
        list.push_back(std::move(data));
    }
    return text::write_json(list) + "\n";
}

Result<uint64_t> Call::number(const cli::Options& options, const std::string& flag, uint64_t fallback, uint64_t most)
{
    auto given = options.value(flag);
    if (!given)
        return fallback;
    auto number = parse_decimal(*given);
    if (!number || *number == 0 || *number > most)
        return fail(ErrorKind::usage, "--{}: '{}' is not a number from 1 to {}", flag, visible(*given), most);
    return *number;
}

Result<uint64_t> Call::run_number(std::string_view operand)
{
    std::string_view digits = operand;
    strip_prefix(digits, "#");
    auto number = parse_decimal(digits);
    if (!number || *number == 0 || *number > most_run_number)
        return fail(ErrorKind::usage, "'{}' is not the number of a run", visible(operand));
    return *number;
}

/// Says whether there are no runs at all or none that match, because that matters to somebody who waits for one.
static std::string words_for_none(const cli::Options& options)
{
    std::string of = options.operands().empty() ? "" : fmt::format(" of {}", visible(options.operands()[0]));
    for (const char* filter : {"ref", "state", "before"})
        if (options.has(filter))
            return fmt::format("no run{} is like that\n", of);
    return fmt::format("there is no run{} yet: a push of a branch or tag with a .quire/ci.fnl makes one\n", of);
}

Result<int> verb_runs(const Call& call)
{
    cli::Options options = TRY(call.options());
    forge::RunFilter filter{.ref = options.value("ref").value_or("")};
    if (auto state = options.value("state")) {
        auto parsed = store::parse_run_state(*state);
        if (!parsed)
            return fail(ErrorKind::usage,
                        "--state: '{}' is none of queued, active, succeeded, failed, errored, canceled, "
                        "timed-out, superseded, skipped",
                        visible(*state));
        filter.state = *parsed;
    }
    uint64_t limit = TRY(Call::number(options, "limit", 20, 100'000));
    uint64_t before = TRY(Call::number(options, "before", 0, most_run_number));
    store::Root root = TRY(call.root());
    std::vector<RunRecord> runs;
    bool all = options.operands().empty();
    if (all) {
        if (before != 0)
            return fail(ErrorKind::usage, "runs: --before counts the runs of one repository; name it");
        runs = TRY(forge::list_all_runs(root, limit, filter));
    } else {
        store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
        TRY(root.open_repository(name));
        runs = TRY(forge::list_runs(root, name, limit, before, filter));
    }
    if (options.has("json"))
        TRY(cli::print(json_of(root, runs)));
    else
        TRY(cli::print(runs.empty() ? words_for_none(options)
                                    : table_of(root, runs, all, filter.state ? Skipped::listed : Skipped::folded)));
    return 0;
}

} // namespace quire::tool
