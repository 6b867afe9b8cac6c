#include "store/run_record.h"

#include <array>

#include "base/strings.h"
#include "sys/file.h"
#include "text/fnl.h"

namespace quire::store {

constexpr std::array<std::string_view, 9> state_names = {"queued",   "active",    "succeeded",  "failed", "errored",
                                                         "canceled", "timed-out", "superseded", "skipped"};

std::string_view to_string(RunState state) { return state_names[static_cast<size_t>(state)]; }

Result<RunState> parse_run_state(std::string_view text)
{
    for (size_t i = 0; i < state_names.size(); ++i)
        if (state_names[i] == text)
            return static_cast<RunState>(i);
    return fail(ErrorKind::invalid, "'{}' is not the state of a run", text);
}

bool is_terminal(RunState state) { return state != RunState::queued && state != RunState::active; }

text::Data to_data(const RunRecord& record)
{
    text::Data data{text::Data::Table{}};
    auto add_text = [&](std::string_view key, const std::string& value) {
        if (!value.empty())
            data.set(key, value);
    };
    auto add_time = [&](std::string_view key, Instant value) {
        if (value != 0)
            data.set(key, format_instant(value));
    };
    data.set("repo", record.repo.str());
    data.set("run", static_cast<int64_t>(record.number));
    data.set("state", text::Keyword{to_string(record.state)});
    add_text("reason", record.reason);
    data.set("source", text::Keyword{record.source});
    add_text("event", record.event);
    if (!record.parameters.is_nil())
        data.set("parameters", record.parameters);
    if (record.reran != 0)
        data.set("reran", static_cast<int64_t>(record.reran));
    if (record.only_failed)
        data.set("only-failed", true);
    add_text("only-job", record.only_job);
    add_text("from-job", record.from_job);
    if (record.debug)
        data.set("debug", true);
    add_text("ref", record.ref);
    add_text("sha", record.sha);
    add_text("previous-sha", record.previous_sha);
    add_text("pusher", record.pusher);
    add_text("push", record.push_id);
    if (record.forced)
        data.set("forced", true);
    if (record.superseded_by != 0)
        data.set("superseded-by", static_cast<int64_t>(record.superseded_by));
    if (!record.approvals.empty()) {
        text::Data::Sequence approvals;
        for (const Approval& approval : record.approvals)
            approvals.push_back(to_data(approval));
        data.set("approvals", std::move(approvals));
    }
    add_time("queued-at", record.queued_at);
    add_time("started-at", record.started_at);
    add_time("ended-at", record.ended_at);
    return data;
}

static Result<Instant> time_of(const text::Data& data, std::string_view key, std::string_view name)
{
    std::string text = data.string_or(key, "");
    if (text.empty())
        return Instant{0};
    auto instant = parse_instant(text);
    if (!instant)
        return fail(ErrorKind::invalid, "{}: :{} is not a time: {}", name, key, text);
    return *instant;
}

text::Data to_data(const Approval& approval)
{
    text::Data data{text::Data::Table{}};
    data.set("job", approval.job);
    data.set("approved", approval.is_given);
    data.set("by", approval.by);
    if (!approval.reason.empty())
        data.set("reason", approval.reason);
    data.set("at", format_instant(approval.at));
    return data;
}

Result<Approval> approval_from_data(const text::Data& data, std::string_view name)
{
    const text::Data* approved = data.find("approved");
    if (!approved || !approved->boolean() || data.string_or("job", "").empty())
        return fail(ErrorKind::invalid, "{}: an approval has a :job, and :approved is true or false", name);
    Instant at = TRY(time_of(data, "at", name));
    return Approval{.job = data.string_or("job", ""),
                    .is_given = *approved->boolean(),
                    .by = data.string_or("by", ""),
                    .reason = data.string_or("reason", ""),
                    .at = at};
}

static Result<std::vector<Approval>> approvals_in(const text::Data& data, std::string_view name)
{
    std::vector<Approval> approvals;
    const text::Data* list = data.find("approvals");
    if (list && list->sequence())
        for (const text::Data& one : *list->sequence())
            approvals.push_back(TRY(approval_from_data(one, name)));
    return approvals;
}

Result<RunRecord> run_record_from_data(const text::Data& data, std::string_view name)
{
    if (!data.table())
        return fail(ErrorKind::invalid, "{}: a run record is a table, this is {}", name, data.kind_name());
    int64_t number = data.integer_or("run", 0);
    if (number < 1)
        return fail(ErrorKind::invalid, "{}: :run is missing or not a number above 0", name);
    // A separate statement, because GCC 12 does not destroy earlier elements of a braced list when TRY returns inside
    // it.
    RepoName repo = TRY(RepoName::parse(data.string_or("repo", "")));
    RunState state = TRY(parse_run_state(data.string_or("state", "")));
    Instant queued_at = TRY(time_of(data, "queued-at", name));
    Instant started_at = TRY(time_of(data, "started-at", name));
    Instant ended_at = TRY(time_of(data, "ended-at", name));
    std::vector<Approval> approvals = TRY(approvals_in(data, name));
    RunRecord record{.repo = std::move(repo),
                     .number = static_cast<uint64_t>(number),
                     .state = state,
                     .source = data.string_or("source", ""),
                     .event = data.string_or("event", ""),
                     .parameters = data.find("parameters") ? *data.find("parameters") : text::Data(),
                     .reran = static_cast<uint64_t>(data.integer_or("reran", 0)),
                     .only_failed = data.boolean_or("only-failed", false),
                     .only_job = data.string_or("only-job", ""),
                     .from_job = data.string_or("from-job", ""),
                     .debug = data.boolean_or("debug", false),
                     .ref = data.string_or("ref", ""),
                     .sha = data.string_or("sha", ""),
                     .previous_sha = data.string_or("previous-sha", ""),
                     .pusher = data.string_or("pusher", ""),
                     .push_id = data.string_or("push", ""),
                     .forced = data.boolean_or("forced", false),
                     .queued_at = queued_at,
                     .started_at = started_at,
                     .ended_at = ended_at,
                     .reason = data.string_or("reason", ""),
                     .superseded_by = static_cast<uint64_t>(data.integer_or("superseded-by", 0)),
                     .approvals = std::move(approvals)};
    return record;
}

static Result<RunRecord> read_run_record_at(int directory, const std::string& prefix, const RepoName& repo,
                                            std::string_view shown)
{
    std::string name = fmt::format("{}/{}", shown, paths::record);
    std::string source = TRY(sys::read_file(directory, prefix + paths::record));
    RunRecord record = TRY(run_record_from_data(TRY(text::read_fnl(source, name)), name));
    record.repo = repo; // its location decides: a renamed repository keeps its old records
    return record;
}

Result<RunRecord> read_run_record(const Root& root, const RepoName& repo, uint64_t number)
{
    return read_run_record_at(root.fd(), paths::run(repo, number) + "/", repo, paths::run(repo, number));
}

Result<RunRecord> read_run_record(int directory, const RepoName& repo, std::string_view shown)
{
    return read_run_record_at(directory, "", repo, shown);
}

} // namespace quire::store
