#include "runner/tasks.h"

#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "runner/local_processes.h"
#include "runner/marker.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/file_status.h"
#include "sys/lock.h"
#include "sys/process_tree.h"

namespace quire::runner {

namespace paths = store::paths;
using store::Task;
using store::TaskPlace;

constexpr int64_t minute = 60 * nanoseconds_per_second;
constexpr int64_t first_back_off = 15 * nanoseconds_per_second;
constexpr int64_t longest_back_off = 60 * minute;
/// The time between TERM and KILL.
constexpr int64_t grace = 2 * nanoseconds_per_second;
/// The limit for all light kinds together.
constexpr size_t most_light = 2;

constexpr TaskKind kinds[] = {
    {"trash", "upkeep", 60 * minute, Weight::heavy},
    {"prune", "prune", 30 * minute, Weight::heavy},
    {"upkeep", "upkeep", 120 * minute, Weight::heavy},
    {"search", "update-search", 60 * minute, Weight::light, Start::at_once},
    {"sources", "refresh-sources", 3 * minute, Weight::light},
    {"mirror", "push-mirror", 40 * minute, Weight::light, Start::at_once, sys::Priority::low},
    {"mirror-look", "look-at-mirrors", 20 * minute, Weight::light},
    {"mail", "deliver-mail", 10 * minute, Weight::light, Start::at_once, sys::Priority::low},
    {"tests", "remember-tests", 30 * minute, Weight::light},
    {"sign", "sign-artifacts", 60 * minute, Weight::light, Start::at_once, sys::Priority::low},
    {"changes", "index-changes", 30 * minute, Weight::light},
    {"backup", "ship-backup", 360 * minute, Weight::light, Start::at_once, sys::Priority::low},
    {"backup-check", "check-backup", 360 * minute, Weight::heavy},
    {"backup-compact", "compact-backup", 720 * minute, Weight::heavy},
};

std::span<const TaskKind> runner_kinds() { return kinds; }

int64_t back_off(uint64_t attempts)
{
    constexpr uint64_t most_doublings = 20;
    uint64_t doublings = std::min(attempts > 0 ? attempts - 1 : 0, most_doublings);
    return std::min(first_back_off << doublings, longest_back_off);
}

Tasks::Attempt quire_attempt(const store::Root& root, const std::string& programs)
{
    return [&root, programs](const TaskKind& kind, const Task& task) {
        std::vector<std::string> argv{programs + "/quire", "--root", root.path(), std::string(kind.verb), "--"};
        if (task.repo)
            argv.push_back(task.repo->str());
        if (!task.subject.empty())
            argv.push_back(task.subject);
        return sys::Command{.argv = std::move(argv)};
    };
}

struct Tasks::Working {
    const TaskKind& kind;
    Task task;
    std::optional<sys::FileLock> lock = std::nullopt;
    UniqueFd said = {}; ///< its stderr
    std::optional<sys::Process> process = std::nullopt;
    std::optional<ChildWatch> watch = std::nullopt;
    sys::Loop::Id timer = 0;
    bool is_late = false;
};

Tasks::Tasks(const store::Root& root, sys::Loop& loop, std::span<const TaskKind> all, Attempt attempt,
             Complaints& complaints, Listener listener)
    : m_root(root), m_loop(loop), m_kinds(all), m_attempt(std::move(attempt)), m_complaints(complaints),
      m_listener(std::move(listener))
{}

Tasks::~Tasks()
{
    for (auto& [id, working] : m_working)
        m_loop.cancel(working->timer);
}

const TaskKind* Tasks::find_kind(std::string_view name) const
{
    auto found = std::find_if(m_kinds.begin(), m_kinds.end(), [&](const TaskKind& kind) { return kind.name == name; });
    return found == m_kinds.end() ? nullptr : &*found;
}

std::string Tasks::marker_of(const std::string& id) const
{
    return fmt::format("QUIRE_TASK={}{}", marker_prefix(m_root).value_or(""), id);
}

void Tasks::scan(bool quiet)
{
    if (monotonic_now() >= m_sweep_due) {
        m_sweep_due = monotonic_now() + 10 * minute;
        sys::sweep_temporaries(m_root.fd(), paths::queue_tasks);
    }
    m_complaints.attempt(take_up_orphans());
    m_complaints.attempt(start_due(quiet));
}

bool Tasks::is_due()
{
    auto due = find_due();
    return due && std::any_of(due->begin(), due->end(),
                              [&](const Task& task) { return Tasks::may_start(*find_kind(task.kind)); });
}

/// Handles tasks claimed by a dead runner: their processes still work, or died too.
Result<void> Tasks::take_up_orphans()
{
    std::set<std::string> there;
    for (Task& task : TRY(store::list_tasks(m_root, TaskPlace::active))) {
        std::string id = task.id();
        if (m_working.contains(id))
            continue;
        if (!TRY(sys::is_locked(m_root.fd(), fmt::format("{}/{}", paths::queue_active_tasks, id)))) {
            // The first time may be chance. But a task that makes its runner crash must not start again at once.
            int64_t delay = task.attempts == 0 ? 0 : back_off(task.attempts + 1);
            m_orphans.erase(id);
            give_back(std::move(task), "it was cut off: the runner that worked on it is gone", delay);
            continue;
        }
        there.insert(id);
        const TaskKind* kind = find_kind(task.kind);
        auto [orphan, is_new] = m_orphans.emplace(id, monotonic_now() + (kind ? kind->time_limit : minute));
        if (is_new || monotonic_now() < orphan->second)
            continue;
        for (const sys::ProcessEntry& process : sys::processes_with_variable(marker_of(id))) {
            sys::kill_descendants(process.pid);
            sys::signal_entry(process, SIGKILL);
        }
    }
    std::erase_if(m_orphans, [&](const auto& orphan) { return !there.contains(orphan.first); });
    return {};
}

/// Whether it is a task of a repository that is gone.
static bool has_no_repository(const store::Root& root, const Task& task)
{
    if (!task.repo)
        return false;
    auto repository = root.open_repository(*task.repo);
    return !repository && repository.error().kind == ErrorKind::not_found;
}

Result<std::vector<Task>> Tasks::find_due()
{
    std::vector<Task> due;
    for (Task& task : TRY(store::list_tasks(m_root, TaskPlace::waiting))) {
        if (!find_kind(task.kind)) {
            m_complaints.attempt(fail(ErrorKind::invalid, "task {}: this quire knows no such kind", task.id()));
            continue;
        }
        // If the clock was ahead for a while, the task must not wait longer than was meant.
        bool is_due = task.not_before <= now() || task.not_before > now() + longest_back_off;
        if (!is_due || is_working_on(task.id()))
            continue;
        if (has_no_repository(m_root, task)) {
            TRY(store::drop_task(m_root, TaskPlace::waiting, task));
            continue;
        }
        if (task.repo) {
            auto repository = m_root.open_repository(*task.repo);
            if (!repository || sys::exists(repository->get(), paths::repository_moving))
                continue;
        }
        due.push_back(std::move(task));
    }
    std::sort(due.begin(), due.end(), [](const Task& a, const Task& b) {
        return std::max(a.added_at, a.not_before) < std::max(b.added_at, b.not_before);
    });
    return due;
}

bool Tasks::may_start(const TaskKind& kind) const
{
    size_t alike = 0;
    for (const auto& [id, working] : m_working) {
        if (&working->kind == &kind)
            return false;
        alike += working->kind.weight == kind.weight;
    }
    return alike < (kind.weight == Weight::heavy ? 1 : most_light);
}

Result<void> Tasks::start_due(bool quiet)
{
    for (Task& task : TRY(find_due()))
        if (const TaskKind* kind = find_kind(task.kind); (quiet || kind->start == Start::at_once) && may_start(*kind))
            TRY(start(*kind, std::move(task)));
    return {};
}

Result<void> Tasks::start(const TaskKind& kind, Task task)
{
    if (!TRY(store::claim_task(m_root, task)))
        return {};
    auto working = std::make_unique<Working>(kind, task);
    if (auto launched = launch(*working); !launched) {
        int64_t pause = back_off(task.attempts + 1);
        give_back(std::move(task), launched.error().message, pause);
        return {};
    }
    m_working.emplace(task.id(), std::move(working));
    m_listener.started(task);
    return {};
}

Result<void> Tasks::launch(Working& working)
{
    std::string id = working.task.id();
    std::string path = fmt::format("{}/{}", paths::queue_active_tasks, id);
    working.lock = TRY(sys::FileLock::try_adopt(TRY(sys::open_at(m_root.fd(), path, O_RDWR)), path));
    if (!working.lock)
        return fail(ErrorKind::busy, "somebody works on it");
    working.said = TRY(sys::memory_file({}));
    sys::Command command = m_attempt(working.kind, working.task);
    command.error = working.said.get();
    command.inherit = {working.lock->fd()};
    command.new_session = true;
    command.environment.push_back(marker_of(id));
    working.process = TRY(sys::spawn(command));
    working.process->set_priority(working.task.attempts == 0 ? working.kind.priority : sys::Priority::low);
    working.watch.emplace(m_loop, *working.process, [this, id](int status) { ended(id, status); });
    working.timer = m_loop.after(working.kind.time_limit, [this, &working] { is_late(working); });
    return {};
}

void Tasks::is_late(Working& working)
{
    (void)working.process->signal_group(working.is_late ? SIGKILL : SIGTERM);
    if (!std::exchange(working.is_late, true))
        working.timer = m_loop.after(grace, [this, &working] { is_late(working); });
}

/// The end of what a task printed, with our own name removed from the front of lines.
static std::vector<std::string> lines_said(int fd)
{
    constexpr uint64_t most = 8192;
    std::string text = sys::read_tail(fd, most).value_or("");
    std::vector<std::string> lines;
    for (std::string_view line : split(text, '\n')) {
        strip_prefix(line, "quire: ");
        if (!trim(line).empty())
            lines.push_back(visible(trim(line).substr(0, 500)));
    }
    return lines;
}

void Tasks::ended(const std::string& id, int status)
{
    auto node = m_working.extract(id);
    Working& working = *node.mapped();
    m_loop.cancel(working.timer);
    std::vector<std::string> lines = lines_said(working.said.get());
    bool succeeded = status == 0 && !working.is_late;
    std::string error;
    if (working.is_late)
        error = fmt::format("it took longer than {}", show_duration(working.kind.time_limit));
    else if (!succeeded && !lines.empty())
        error = lines.back();
    else if (!succeeded)
        error = status > 128 ? fmt::format("it was killed by signal {}", status - 128)
                             : fmt::format("it ended with {}", status);
    if (!lines.empty() && error == lines.back())
        lines.pop_back();
    // What a task says whose repository was removed meanwhile helps nobody.
    bool is_gone = !succeeded && has_no_repository(m_root, working.task);
    for (const std::string& line : lines)
        if (!is_gone)
            log("{}: {}", id, line);
    if (succeeded || is_gone)
        m_complaints.attempt(store::drop_task(m_root, TaskPlace::active, working.task));
    else
        give_back(working.task, error, back_off(working.task.attempts + 1));
    m_listener.ended(working.task, succeeded);
}

/// If it can't be given back, it stays claimed, and the next scan treats it as interrupted.
void Tasks::give_back(Task task, std::string error, int64_t delay)
{
    ++task.attempts;
    task.not_before = delay == 0 ? 0 : now() + delay;
    log("task {} failed, attempt {}{}: {}", task.id(), task.attempts,
        delay == 0 ? "" : fmt::format(", again in {}", show_duration(delay)), error);
    task.last_error = std::move(error);
    m_complaints.attempt(store::give_back_task(m_root, task));
}

} // namespace quire::runner
