#include "ci/run/approvals.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/log.h"
#include "base/strings.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/self.h"
#include "text/fnl.h"

namespace quire::ci {

constexpr int64_t look_every = nanoseconds_per_second / 4;

Result<void> check_approvals(const Pipeline& pipeline, const ScheduleOptions& options,
                             const std::set<std::string>& approved)
{
    std::set<std::string> runs = jobs_to_run(pipeline, options);
    std::vector<std::string> waiting;
    for (const Job& job : pipeline.jobs)
        if (job.approve_within > 0 && runs.contains(job.id))
            waiting.push_back(job.id);
    for (const std::string& id : approved)
        if (std::find(waiting.begin(), waiting.end(), id) == waiting.end())
            return fail(ErrorKind::usage, "--approve: no job '{}' of this run waits for approval; {}", visible(id),
                        waiting.empty() ? "none does" : "there are " + join(waiting, ", "));
    std::erase_if(waiting, [&](const std::string& id) { return approved.contains(id); });
    bool has_terminal = sys::is_terminal(0) && sys::is_terminal(2);
    if (waiting.empty() || has_terminal)
        return {};
    return fail(ErrorKind::refused, "job '{}' waits for approval, and there is no terminal to ask on; add --approve {}",
                waiting[0], waiting[0]);
}

Approvals::Approvals(sys::Loop& loop, Scheduler& scheduler, Reporter& reporter, int run)
    : m_loop(loop), m_scheduler(scheduler), m_reporter(reporter), m_run(run)
{
    reporter.set_waits_handler([this](const store::Waits& now) { waits(now); });
}

Approvals::~Approvals()
{
    m_reporter.set_waits_handler(nullptr);
    m_loop.cancel(m_timer);
    m_loop.cancel(m_watch);
}

void Approvals::waits(const store::Waits& waits)
{
    m_waits = waits;
    if (m_run < 0)
        return ask();
    // Without the file, nobody can see what waits, and the run keeps its place: it fails when its time is over.
    (void)store::write_waits(m_run, waits);
    m_loop.cancel(std::exchange(m_timer, 0));
    if (!waits.jobs.empty())
        m_timer = m_loop.after(look_every, [this] { look(); });
}

/// Whether the directory has been removed: then it has no name any more, or a server that has it does not know it.
static bool is_removed(int directory)
{
    auto status = sys::stat_at(directory, ".");
    return status ? !*status || (*status)->st_nlink == 0 : status.error().code == ESTALE;
}

/// Reads the run's record. What it says about other jobs, the scheduler ignores.
void Approvals::look()
{
    m_timer = m_loop.after(look_every, [this] { look(); });
    auto content = sys::read_file(m_run, store::paths::record, text::max_fnl_bytes);
    if (!content && is_removed(m_run))
        return m_scheduler.cancel("the run's directory was removed, so nobody can approve it");
    auto data = content ? text::read_fnl(*content, store::paths::record) : Unexpected(std::move(content).error());
    const text::Data* list = data ? data->find("approvals") : nullptr;
    if (!list || !list->sequence())
        return;
    for (const text::Data& one : *list->sequence())
        if (auto approval = store::approval_from_data(one, store::paths::record))
            m_scheduler.decide(*approval);
}

void Approvals::ask()
{
    m_loop.cancel(std::exchange(m_watch, 0));
    if (m_waits.jobs.empty())
        return m_asked.clear();
    if (m_asked != m_waits.jobs[0].job) {
        m_asked = m_waits.jobs[0].job;
        m_reporter.progress().line(m_asked, "may it run? [y/N]");
    }
    m_watch = m_loop.watch(0, sys::Interest::readable, [this] { read_answer(); });
}

void Approvals::read_answer()
{
    constexpr size_t most = 1000;
    auto read = sys::read_some(0, most);
    bool is_over = !read || read->empty();
    m_typed += std::move(read).value_or("");
    size_t end = m_typed.find('\n');
    if (end == std::string::npos && !is_over && m_typed.size() < most)
        return;
    std::string line = m_typed.substr(0, end);
    m_typed.erase(0, end == std::string::npos ? end : end + 1);
    answer(trim(line));
}

void Approvals::answer(std::string_view line)
{
    bool is_given = line == "y" || line == "yes" || line == "Y";
    m_scheduler.decide({.job = std::exchange(m_asked, {}),
                        .is_given = is_given,
                        .by = sys::process_variable("USER").value_or("you"),
                        .at = now()});
}

} // namespace quire::ci
