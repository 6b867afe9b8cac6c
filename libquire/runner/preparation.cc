#include "runner/preparation.h"

#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "runner/ending.h"
#include "runner/facts.h"
#include "runner/marker.h"
#include "runner/quick_checkout.h"
#include "runner/workspace.h"
#include "sys/file.h"
#include "sys/file_status.h"

namespace quire::runner {

namespace paths = store::paths;

/// The time between TERM and KILL, in which git removes its temporary files.
constexpr int64_t grace = 2 * nanoseconds_per_second;
constexpr int64_t between_sweeps = nanoseconds_per_second / 50;
constexpr int enough_clean_looks = 5;
constexpr int most_looks = 250; ///< what a dead disk holds can't be killed

Result<std::unique_ptr<Preparation>> Preparation::begin(const store::Root& root, sys::Loop& loop, const RunPlace& place,
                                                        Known& known, Limits limits, std::function<void()> done)
{
    std::unique_ptr<Preparation> preparation(new Preparation(loop, place, known, limits, std::move(done)));
    TRY(preparation->start(root));
    return preparation;
}

Preparation::~Preparation()
{
    m_loop.cancel(m_timer);
    for_living([](sys::Process& process) { (void)process.signal_group(SIGKILL); });
}

Result<void> Preparation::start(const store::Root& root)
{
    int run = m_place.directory.get();
    m_lock = TRY(sys::FileLock::try_acquire(run, paths::run_lock));
    if (!m_lock)
        return fail(ErrorKind::busy, "somebody holds the run's lock");
    // Removes what was left by an attempt that was cut off before it started anything.
    for (const char* name :
         {paths::run_dispatch, paths::run_events, paths::run_log, paths::run_stop, paths::run_launch})
        if (sys::exists(run, name))
            TRY(sys::unlink_at(run, name));
    UniqueFd repository = TRY(root.open_repository(m_place.record.repo));
    TRY(fill(root, repository.get()));
    if (!m_known.changes.find(m_place.record))
        TRY(find_changes(repository.get()));
    if (!m_checkout && !m_asking) {
        m_timer = m_loop.after(0, [this] { ended(); });
        return {};
    }
    m_timer = m_loop.after(m_limits.time, [this] {
        m_is_late = true;
        stop();
    });
    return {};
}

Result<void> Preparation::fill(const store::Root& root, int repository)
{
    int run = m_place.directory.get();
    TRY(prepare_workspace(root, run, repository, m_known.refs, m_place.record));
    if (quick_checkout(m_known.objects, repository, run, m_place.record.sha))
        return {};
    TRY(prepare_workspace(root, run, repository, m_known.refs, m_place.record)); // without what may have been written
    UniqueFd log = TRY(sys::open_at(run, paths::run_log, O_WRONLY | O_CREAT | O_APPEND, 0644));
    return start_git(m_checkout, TRY(checkout_command(root, m_place.record, m_limits.keep_checkout, log.get())));
}

Result<void> Preparation::find_changes(int repository)
{
    auto quick = quick_changes(m_known.objects, repository, changes_input_of(m_place.record));
    if (quick) {
        m_quick_changes = std::move(*quick);
        return {};
    }
    m_changes = TRY(sys::memory_file({}));
    ChangesQuestion question = TRY(changes_question(m_place.record, repository, m_changes.get()));
    return start_git(m_asking, question.command);
}

Result<void> Preparation::start_git(std::optional<Child>& child, sys::Command command)
{
    command.inherit = {m_lock->fd()};
    command.new_session = true;
    sys::set_variable(command.environment, leader_variable, m_place.marker);
    child.emplace(TRY(sys::spawn(command)), std::nullopt);
    child->watch.emplace(m_loop, child->process, [this, &child](int status) {
        child->status = status;
        ended();
    });
    return {};
}

void Preparation::ended()
{
    if ((m_checkout && !m_checkout->status) || (m_asking && !m_asking->status))
        return;
    m_loop.cancel(std::exchange(m_timer, 0));
    if (m_is_stopped && !is_swept()) {
        m_timer = m_loop.after(between_sweeps, [this] { ended(); });
        return;
    }
    auto done = std::move(m_done); // the callback may destroy us
    done();
}

/// Kills what git had started and has not ended itself. While a process is being loaded nobody sees its environment,
/// so it takes several looks in a row that find nothing.
bool Preparation::is_swept()
{
    m_clean_looks = signal_marked(m_place.marker, SIGKILL) > 0 ? 0 : m_clean_looks + 1;
    return m_clean_looks == enough_clean_looks || ++m_looks == most_looks;
}

void Preparation::stop()
{
    if (std::exchange(m_is_stopped, true) || (!m_checkout && !m_asking))
        return;
    signal(SIGTERM);
    m_loop.cancel(m_timer);
    m_timer = m_loop.after(grace, [this] { signal(SIGKILL); });
}

void Preparation::signal(int number)
{
    for_living([&](sys::Process& process) { (void)process.signal_group(number); });
}

Result<void> Preparation::outcome() const
{
    if (m_is_late)
        return fail(ErrorKind::system, "git took longer than {} to prepare the run", show_duration(m_limits.time));
    int status = m_checkout ? m_checkout->status.value_or(0) : 0;
    if (status == 0)
        return {};
    std::string words = visible(last_words(m_place.directory.get()));
    return fail(ErrorKind::system, "git can't check out {}: {}", m_place.record.sha.substr(0, 12),
                !words.empty() ? words
                : status > 128 ? fmt::format("it was killed by signal {}", status - 128)
                               : fmt::format("it ended with {}", status));
}

Result<std::string> Preparation::take_changes()
{
    if (!m_asking) {
        if (!m_quick_changes.empty())
            m_known.changes.remember(m_place.record, m_quick_changes);
        const std::string* known = m_known.changes.find(m_place.record);
        return known ? *known : m_quick_changes;
    }
    // Allocates as much as there is: a buffer for the largest possible output would cost more than the rest of the
    // start.
    constexpr uint64_t most = 64u << 20;
    std::string text = TRY(sys::read_at(m_changes.get(), 0, std::min(sys::size_of(m_changes.get()), most)));
    if (m_asking->status == 0)
        m_known.changes.remember(m_place.record, text);
    return text;
}

Result<bool> end_orphaned_preparation(const store::Root& root, const store::RunRecord& record)
{
    RunPlace place = TRY(RunPlace::of(root, record));
    if (!TRY(sys::is_locked(place.directory.get(), paths::run_lock)))
        return true;
    if (size_t killed = signal_marked(place.marker, SIGKILL); killed > 0)
        log("{} #{}: killed {} processes that a runner which died left preparing it", record.repo.str(), record.number,
            killed);
    return false;
}

} // namespace quire::runner
