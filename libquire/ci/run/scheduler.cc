#include "ci/run/scheduler.h"

#include <algorithm>

#include "ci/language/graph.h"

namespace quire::ci {

std::string_view to_string(JobReport::State state)
{
    switch (state) {
    case JobReport::State::waiting:
        return "waiting";
    case JobReport::State::running:
        return "running";
    case JobReport::State::succeeded:
        return "succeeded";
    case JobReport::State::failed:
        return "failed";
    case JobReport::State::skipped:
        return "skipped";
    }
    return "waiting";
}

std::set<std::string> jobs_to_run(const Pipeline& pipeline, const ScheduleOptions& options)
{
    std::set<std::string> chosen = fired_by(pipeline, options.source);
    if (options.only.empty())
        return chosen;
    std::set<std::string> wanted = ancestors(pipeline, options.only);
    wanted.insert(options.only);
    std::erase_if(chosen, [&](const std::string& id) { return !wanted.contains(id); });
    return chosen;
}

Result<std::set<std::string>> jobs_again(const Pipeline& pipeline, const std::string& source, const std::string& only,
                                         const std::string& from)
{
    const std::string& first = only.empty() ? from : only;
    std::set<std::string> again;
    if (first.empty())
        return again;
    std::set<std::string> fired = fired_by(pipeline, source);
    if (!fired.contains(first))
        return fail(ErrorKind::refused, "job '{}' can't run again: {} does not lead to it", first, source);
    again.insert(first);
    for (const std::string& id : fired)
        if (only.empty() && ancestors(pipeline, id).contains(first))
            again.insert(id);
    return again;
}

Scheduler::Scheduler(sys::Loop& loop, Program& program, JobHost& host, ScheduleListener& listener,
                     ScheduleOptions options)
    : m_loop(loop), m_program(program), m_host(host), m_listener(listener), m_options(std::move(options))
{
    const Pipeline& pipeline = program.pipeline();
    std::set<std::string> chosen = jobs_to_run(pipeline, m_options);
    for (size_t index : topological_order(pipeline))
        if (chosen.contains(pipeline.jobs[index].id))
            m_reports.push_back({.job = &pipeline.jobs[index]});
}

JobReport* Scheduler::find(std::string_view id)
{
    auto found =
        std::find_if(m_reports.begin(), m_reports.end(), [&](const JobReport& report) { return report.job->id == id; });
    return found == m_reports.end() ? nullptr : &*found;
}

const JobReport* Scheduler::find(std::string_view id) const { return const_cast<Scheduler*>(this)->find(id); }

std::string Scheduler::failure() const
{
    if (!m_canceled.empty())
        return m_canceled;
    std::string first;
    size_t count = 0;
    for (const JobReport& report : m_reports)
        if (report.state == JobReport::State::failed && !report.job->allow_failure && ++count == 1)
            first = fmt::format("job '{}' failed: {}", report.job->id, report.reason);
    return count > 1 ? fmt::format("{} (and {} more)", first, count - 1) : first;
}

void Scheduler::start(std::function<void()> done)
{
    m_done = std::move(done);
    m_loop.after(0, [this] {
        take_over();
        pump();
    });
}

/// Settles the jobs of a rerun that do not run again.
void Scheduler::take_over()
{
    std::set<std::string> needed = m_options.again;
    for (const std::string& id : m_options.again)
        needed.merge(ancestors(m_program.pipeline(), id));
    for (JobReport& report : m_reports) {
        const std::string& id = report.job->id;
        auto reused = m_options.reused.find(id);
        if (reused != m_options.reused.end() && !m_options.again.contains(id))
            reuse(report, reused->second);
        else if (!m_options.again.empty() && !needed.contains(id))
            settle(report, JobReport::State::skipped, "it was not asked to run again");
    }
}

void Scheduler::reuse(JobReport& report, text::Data outputs)
{
    report.reused = true;
    report.outputs = std::move(outputs);
    m_program.runtime().set_outputs(report.job->id, report.outputs);
    m_host.take_over(report.job->id);
    settle(report, JobReport::State::succeeded, "");
}

/// Whether the job failed in a way that keeps dependent jobs from running.
static bool stops_others(const JobReport& report)
{
    return report.state == JobReport::State::failed && !report.job->allow_failure;
}

std::string Scheduler::blocked_by(const JobReport& report) const
{
    if (report.job->even_if_failed)
        return {};
    for (const Input& input : report.job->inputs)
        if (const JobReport* upstream = find(input.job_name())) {
            if (stops_others(*upstream))
                return fmt::format("its input '{}' failed", upstream->job->id);
            // It was skipped not by its own nil but because something before it failed.
            if (upstream->state == JobReport::State::skipped && upstream->attempts == 0)
                return fmt::format("its input '{}' was skipped", upstream->job->id);
        }
    return {};
}

bool Scheduler::try_start(JobReport& report)
{
    for (const Input& input : report.job->inputs)
        if (const JobReport* upstream = find(input.job_name()))
            if (upstream->state == JobReport::State::waiting || upstream->state == JobReport::State::running)
                return false;
    std::string reason = !m_canceled.empty() ? m_canceled : blocked_by(report);
    if (!reason.empty()) {
        settle(report, JobReport::State::skipped, std::move(reason));
        return true;
    }
    if (!is_approved(report) || m_active.size() >= std::max<size_t>(1, m_options.parallel))
        return false;
    m_active.push_back({.id = report.job->id});
    run(report);
    return true;
}

/// Asks when the job's turn has come.
bool Scheduler::is_approved(JobReport& report)
{
    int64_t within = report.job->approve_within;
    if (within == 0 || report.is_approved || m_options.approved.contains(report.job->id))
        return true;
    if (report.waits_until != 0)
        return false;
    report.waits_until = now() + within;
    m_listener.approval_wanted(report);
    m_approval_limits[report.job->id] = m_loop.after(within, [this, id = report.job->id, within] {
        settle(*find(id), JobReport::State::failed, fmt::format("nobody approved it within {}", show_duration(within)));
        pump();
    });
    return false;
}

void Scheduler::stop_waiting(JobReport& report)
{
    report.waits_until = 0;
    if (auto limit = m_approval_limits.extract(report.job->id))
        m_loop.cancel(limit.mapped());
}

void Scheduler::decide(const store::Approval& approval)
{
    JobReport* report = find(approval.job);
    if (!report || report->waits_until == 0)
        return;
    stop_waiting(*report);
    m_listener.approval_decided(approval);
    report->is_approved = approval.is_given;
    if (!approval.is_given)
        settle(*report, JobReport::State::failed,
               fmt::format("denied by {}{}{}", approval.by, approval.reason.empty() ? "" : ": ", approval.reason));
    pump();
}

void Scheduler::tell_waits()
{
    store::Waits waits;
    std::vector<std::string> ids;
    for (const JobReport& report : m_reports)
        if (report.waits_until != 0) {
            waits.jobs.push_back({report.job->id, report.waits_until});
            ids.push_back(report.job->id);
        }
    waits.is_idle = !ids.empty() && m_active.empty();
    if (ids == m_told_waiting && waits.is_idle == m_told_idle)
        return;
    m_told_waiting = std::move(ids);
    m_told_idle = waits.is_idle;
    m_listener.waits_changed(waits);
}

void Scheduler::pump()
{
    if (m_pumping)
        return; // a job that ends at once is handled by the loop below
    m_pumping = true;
    for (bool progress = true; progress;) {
        progress = false;
        for (JobReport& report : m_reports)
            if (report.state == JobReport::State::waiting)
                progress = try_start(report) || progress;
    }
    m_pumping = false;
    tell_waits();
    bool over = std::all_of(m_reports.begin(), m_reports.end(), [](const JobReport& report) {
        return report.state != JobReport::State::waiting && report.state != JobReport::State::running;
    });
    if (over && m_done)
        std::exchange(m_done, nullptr)();
}

void Scheduler::run(JobReport& report)
{
    report.state = JobReport::State::running;
    int attempt = ++report.attempts;
    auto active =
        std::find_if(m_active.begin(), m_active.end(), [&](const Active& a) { return a.id == report.job->id; });
    active->since = monotonic_now();
    active->closing = false;
    m_listener.job_started(report);
    std::string id = report.job->id;
    if (report.job->timeout > 0)
        active->timer = m_loop.after(report.job->timeout, [this, id, timeout = report.job->timeout] {
            m_program.runtime().abandon(id);
            close_attempt(id, {JobOutcome::End::failed,
                               fmt::format("timed out after {} s", timeout / nanoseconds_per_second),
                               "",
                               {}});
        });
    m_program.runtime().start(id, [this, id, attempt](JobOutcome outcome) { ended(id, attempt, std::move(outcome)); });
}

void Scheduler::ended(const std::string& id, int attempt, JobOutcome outcome)
{
    JobReport* report = find(id);
    if (report && report->attempts == attempt && report->state == JobReport::State::running)
        close_attempt(id, std::move(outcome));
}

/// Ends what the attempt left running. Then the attempt counts, or the job is tried again.
void Scheduler::close_attempt(const std::string& id, JobOutcome outcome)
{
    auto active = std::find_if(m_active.begin(), m_active.end(), [&](const Active& a) { return a.id == id; });
    if (active == m_active.end() || active->closing)
        return;
    active->closing = true;
    m_loop.cancel(active->timer);
    active->timer = 0;
    m_host.end_job(id, [this, id, outcome = std::move(outcome)]() mutable {
        JobReport& report = *find(id);
        auto ending = std::find_if(m_active.begin(), m_active.end(), [&](const Active& a) { return a.id == id; });
        report.duration += monotonic_now() - ending->since;
        bool again =
            outcome.end == JobOutcome::End::failed && report.attempts <= report.job->retries && m_canceled.empty();
        if (again) {
            m_host.log(id, fmt::format("quire: attempt {} failed: {}; trying again", report.attempts, outcome.reason));
            m_host.retrying(id);
            return run(report);
        }
        m_host.job_ended(*report.job, outcome);
        m_active.erase(ending);
        report.traceback = std::move(outcome.traceback);
        report.outputs = std::move(outcome.outputs);
        m_program.runtime().set_outputs(id, report.outputs);
        settle(report,
               outcome.end == JobOutcome::End::succeeded ? JobReport::State::succeeded
               : outcome.end == JobOutcome::End::failed  ? JobReport::State::failed
                                                         : JobReport::State::skipped,
               std::move(outcome.reason));
        pump();
    });
}

void Scheduler::settle(JobReport& report, JobReport::State state, std::string reason)
{
    stop_waiting(report);
    report.state = state;
    report.reason = std::move(reason);
    if (state == JobReport::State::succeeded)
        m_host.keep_outputs(report.job->id, report.outputs);
    m_listener.job_ended(report);
}

void Scheduler::cancel(std::string reason)
{
    if (!m_canceled.empty())
        return;
    m_canceled = std::move(reason);
    std::vector<std::string> ids;
    for (const Active& active : m_active)
        ids.push_back(active.id);
    for (const std::string& id : ids) {
        m_program.runtime().abandon(id);
        close_attempt(id, {JobOutcome::End::failed, m_canceled, "", {}});
    }
    pump();
}

} // namespace quire::ci
