#include "ci/run/reporter.h"

#include <set>

namespace quire::ci {

using text::Data;

constexpr size_t longest_text = 4096; ///< in an event

static Data of_job(const std::string& job)
{
    Data fields{Data::Table{}};
    fields.set("job", job);
    return fields;
}

static Data seconds(int64_t nanoseconds)
{
    return static_cast<double>(nanoseconds) / static_cast<double>(nanoseconds_per_second);
}

/// What is not known, as of a command that never ran, is left out.
static void add_use(Data& fields, int64_t cpu, uint64_t memory)
{
    if (cpu > 0)
        fields.set("cpu", seconds(cpu));
    if (memory > 0)
        fields.set("memory", static_cast<int64_t>(memory));
}

void Reporter::run_started(const std::vector<JobReport>& reports, const ExecutorPool& executors)
{
    Data::Sequence jobs;
    for (const JobReport& report : reports) {
        Data::Sequence inputs;
        std::set<std::string> seen; // two outputs of one job are one edge
        for (const Input& input : report.job->inputs) {
            std::string from = input.kind == Input::Kind::push ? push_source
                               : input.is_source()             ? input.source
                                                               : std::string(input.job_name());
            if (seen.insert(from).second)
                inputs.emplace_back(std::move(from));
        }
        Data job{Data::Table{}};
        job.set("id", report.job->id);
        job.set("inputs", std::move(inputs));
        if (report.job->allow_failure)
            job.set("allow-failure", true);
        if (report.job->approve_within > 0)
            job.set("approve", true);
        job.set("executor", executors.place_of(report.job->id));
        jobs.push_back(std::move(job));
    }
    Data fields{Data::Table{}};
    fields.set("jobs", std::move(jobs));
    m_events.write("run-started", std::move(fields));
}

void Reporter::job_started(const JobReport& report)
{
    Data fields = of_job(report.job->id);
    fields.set("attempt", int64_t{report.attempts});
    m_events.write("job-started", std::move(fields));
    m_progress.job_started(report);
}

void Reporter::job_ended(const JobReport& raw)
{
    JobReport report = raw;
    report.reason = m_redactor->redact(raw.reason);
    report.traceback = m_redactor->redact(raw.traceback);
    Data fields = of_job(report.job->id);
    fields.set("state", to_string(report.state));
    if (!report.reason.empty())
        fields.set("reason", report.reason);
    if (report.job->allow_failure)
        fields.set("allow-failure", true);
    if (report.reused)
        fields.set("reused", true);
    fields.set("duration", seconds(report.duration));
    if (auto use = m_use.find(report.job->id); use != m_use.end())
        add_use(fields, use->second.cpu, use->second.memory);
    if (!report.outputs.is_nil())
        fields.set("outputs", shorten(report.outputs));
    m_events.write("job-ended", std::move(fields));
    m_progress.job_ended(report);
}

void Reporter::approval_wanted(const JobReport& report)
{
    Data fields = of_job(report.job->id);
    fields.set("until", format_instant(report.waits_until));
    m_events.write("approval-wanted", std::move(fields));
    m_progress.line(report.job->id, "waits for approval");
}

void Reporter::approval_decided(const store::Approval& raw)
{
    store::Approval approval = raw;
    approval.by = m_redactor->redact(raw.by);
    approval.reason = m_redactor->redact(raw.reason);
    Data fields = store::to_data(approval);
    fields.remove("at"); // the event's own
    m_events.write("approval", std::move(fields));
    m_progress.line(approval.job, fmt::format("{} by {}", approval.is_given ? "approved" : "denied", approval.by));
}

void Reporter::waits_changed(const store::Waits& waits)
{
    if (std::exchange(m_is_idle, waits.is_idle) != waits.is_idle)
        m_events.write(waits.is_idle ? "run-waits" : "run-goes-on", {});
    if (m_waits_handler)
        m_waits_handler(waits);
}

void Reporter::command_started(const std::string& job, int number, std::string_view shown)
{
    Data fields = of_job(job);
    fields.set("number", int64_t{number});
    fields.set("cmd", shown.substr(0, longest_text));
    m_events.write("sh-started", std::move(fields));
}

void Reporter::output(const std::string& job, int number, Stream, std::string_view bytes)
{
    m_progress.output(job, number, bytes);
}

void Reporter::command_ended(const std::string& job, int number, const CommandResult& result)
{
    Data fields = of_job(job);
    fields.set("number", int64_t{number});
    fields.set("exit", int64_t{result.exit});
    fields.set("duration", seconds(result.duration));
    add_use(fields, result.cpu, result.memory);
    Use& use = m_use[job];
    use.cpu += result.cpu;
    use.memory = std::max(use.memory, result.memory);
    if (!result.reason.empty()) {
        fields.set("reason", result.reason);
        m_progress.output(job, number, result.reason + "\n");
    }
    m_progress.command_ended(job, number);
    m_events.write("sh-ended", std::move(fields));
}

void Reporter::said(const std::string& job, std::string_view text)
{
    Data fields = of_job(job);
    fields.set("text", text.substr(0, longest_text));
    m_events.write("log", std::move(fields));
    m_progress.line(job, text);
}

void Reporter::happened(std::string_view event, const std::string& job, Data fields)
{
    Data all = of_job(job);
    for (auto& [key, value] : *fields.table())
        all.set(key, std::move(value));
    m_events.write(event, std::move(all));
}

/// Outputs for an event: redacted, with long strings cut. Dependent jobs get them unchanged.
Data Reporter::shorten(const Data& data) const
{
    if (const std::string* text = data.string()) {
        std::string clean = m_redactor->redact(*text);
        return clean.size() <= longest_text ? Data(clean) : Data(clean.substr(0, longest_text) + "…");
    }
    if (const Data::Sequence* items = data.sequence()) {
        Data::Sequence result;
        for (const Data& item : *items)
            result.push_back(shorten(item));
        return result;
    }
    if (const Data::Table* entries = data.table()) {
        Data::Table result;
        for (const auto& [key, value] : *entries)
            result.emplace_back(m_redactor->redact(key), shorten(value));
        return result;
    }
    return data;
}

} // namespace quire::ci
