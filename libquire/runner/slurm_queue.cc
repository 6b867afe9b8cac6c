#include "runner/slurm_queue.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "base/strings.h"

namespace quire::runner {

/// Slurm's controller is asked at most so often, and less often while it does not answer.
constexpr int64_t ask_every = nanoseconds_per_second;
constexpr int64_t longest_delay = 30 * nanoseconds_per_second;
constexpr int64_t time_limit = 60 * nanoseconds_per_second;

bool is_alive(const SlurmJob& job)
{
    constexpr std::array<std::string_view, 9> over = {"COMPLETED", "CANCELLED",     "FAILED",    "TIMEOUT", "NODE_FAIL",
                                                      "PREEMPTED", "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE"};
    return std::find(over.begin(), over.end(), job.state) == over.end();
}

SlurmJobs read_squeue(std::string_view lines)
{
    SlurmJobs jobs;
    for (std::string_view line : split(lines, '\n')) {
        std::string_view id = take_until(line, '|');
        std::string_view state = take_until(line, '|');
        if (!id.empty() && !state.empty() && !line.empty())
            jobs[std::string(line)].push_back({std::string(id), std::string(state)});
    }
    auto number = [](const SlurmJob& job) { return parse_decimal(job.id).value_or(0); };
    for (auto& [name, all] : jobs)
        std::sort(all.begin(), all.end(), [&](const SlurmJob& a, const SlurmJob& b) { return number(a) < number(b); });
    return jobs;
}

const SlurmJob* find_job(const SlurmJobs& jobs, const std::string& name)
{
    auto found = jobs.find(name);
    if (found == jobs.end())
        return nullptr;
    auto alive = std::find_if(found->second.begin(), found->second.end(), is_alive);
    return alive != found->second.end() ? &*alive : &found->second.back();
}

SlurmQueue::~SlurmQueue() { m_loop.cancel(m_timer); }

SlurmQueue::Ticket SlurmQueue::look(Told told)
{
    m_waiting.emplace(m_next, std::move(told));
    ask_soon();
    return m_next++;
}

void SlurmQueue::forget(Ticket ticket)
{
    m_waiting.erase(ticket);
    m_asked_for.erase(ticket);
}

int64_t SlurmQueue::pace() const
{
    constexpr int64_t millisecond = nanoseconds_per_second / 1000;
    return std::clamp<int64_t>(m_runs * 2 * millisecond, 25 * millisecond, nanoseconds_per_second);
}

void SlurmQueue::ask_soon()
{
    if (m_errand || m_timer != 0 || m_waiting.empty())
        return;
    int64_t every = m_is_silent ? m_delay : ask_every;
    int64_t left = m_asked_at == 0 ? 0 : m_asked_at + every - monotonic_now();
    m_timer = m_loop.after(std::max<int64_t>(left, 0), [this] {
        m_timer = 0;
        ask();
    });
}

void SlurmQueue::ask()
{
    m_asked_at = monotonic_now();
    m_asked_for = std::exchange(m_waiting, {});
    sys::Command command{.argv = {"squeue", "--me", "--noheader", "--states=all", "--format=%i|%T|%j"},
                         .environment = m_environment};
    auto begun = Errand::begin(m_loop, std::move(command), {}, time_limit,
                               [this](const sys::Output& output) { answered(output); });
    if (!begun)
        return failed(begun.error().message);
    m_errand = *std::move(begun);
}

void SlurmQueue::answered(const sys::Output& output)
{
    m_errand.reset();
    if (output.status != 0) {
        std::string_view words = trim(output.err);
        std::string said = visible(words.substr(words.rfind('\n') + 1));
        return failed(said.empty() ? fmt::format("squeue ended with {}", output.status) : said);
    }
    if (std::exchange(m_is_silent, false))
        log("Slurm answers again");
    SlurmJobs jobs = read_squeue(output.out);
    while (!m_asked_for.empty()) { // one that is told may forget others
        Told told = std::move(m_asked_for.begin()->second);
        m_asked_for.erase(m_asked_for.begin());
        told(jobs);
    }
    ask_soon();
}

void SlurmQueue::failed(const std::string& why)
{
    m_delay = m_is_silent ? std::min(m_delay * 2, longest_delay) : ask_every;
    if (!std::exchange(m_is_silent, true))
        log("Slurm does not answer, runs that it has wait for it: {}", why);
    m_waiting.merge(m_asked_for);
    m_asked_for.clear();
    ask_soon();
}

} // namespace quire::runner
