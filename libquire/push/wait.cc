#include "push/wait.h"

#include <algorithm>
#include <map>

#include "base/duration.h"
#include "base/log.h"
#include "base/strings.h"
#include "store/event_reader.h"
#include "store/log_tail.h"
#include "sys/file.h"
#include "sys/inotify.h"
#include "sys/lock.h"
#include "sys/loop.h"

namespace quire::push {

constexpr size_t most_runs = 20;
constexpr uint64_t tail_bytes = 16u << 10;
constexpr size_t longest_line = 500;

Result<int64_t> patience_of(const std::vector<std::string>& options, int64_t configured)
{
    int64_t patience = configured;
    for (std::string_view option : options) {
        if (option == "ci.wait")
            patience = std::max(configured, usual_patience);
        else if (option == "ci.wait=0")
            patience = 0;
        else if (strip_prefix(option, "ci.wait="))
            patience = TRY(parse_duration(option));
    }
    return std::min(patience, most_patience);
}

namespace {

/// " in 12 s", from an event's duration.
std::string shown_seconds(const text::Data& event)
{
    const text::Data* duration = event.find("duration");
    if (!duration || !(duration->number() || duration->integer()))
        return "";
    double seconds = duration->number() ? *duration->number() : static_cast<double>(*duration->integer());
    return " in " + format_duration(static_cast<int64_t>(seconds * 1e9));
}

std::string cut(std::string text)
{
    if (text.size() > longest_line)
        text = text.substr(0, longest_line) + "…";
    return text;
}

/// One run, and how much of it has been reported.
class Follower {
public:
    Follower(const Context& context, uint64_t number, UniqueFd run)
        : m_repo(context.repo), m_number(number), m_run(std::move(run)), m_events(m_run.get())
    {}

    int run() const { return m_run.get(); }

    /// Reports what is new; true when the run has ended and everything has been reported.
    Result<bool> look()
    {
        // The record is read first: if it says that the run has ended, all its events are there.
        store::RunRecord record = TRY(store::read_run_record(m_run.get(), m_repo, "the run's record"));
        while (auto event = TRY(m_events.next()))
            tell(*event);
        if (!store::is_terminal(record.state))
            return false;
        std::string took = record.started_at > 0
                               ? " after " + format_duration(std::max<int64_t>(0, record.ended_at - record.started_at))
                               : "";
        bool good = record.state == store::RunState::succeeded;
        log("run #{} {}{}{}{}", m_number, to_string(record.state), took, good ? "" : ": ",
            good ? "" : cut(record.reason));
        return true;
    }

private:
    void tell(const text::Data& event)
    {
        std::string kind = event.string_or("event", ""), job = event.string_or("job", "");
        if (kind == "run-started")
            log("run #{} started", m_number);
        else if (kind == "sh-started")
            m_commands[job] = event.integer_or("number", 0);
        else if (kind == "sh-ended" && event.integer_or("exit", 0) != 0)
            m_failed[job] = event.integer_or("number", 0);
        else if (kind == "job-ended")
            tell_job(event, job);
    }

    void tell_job(const text::Data& event, const std::string& job)
    {
        std::string state = event.string_or("state", ""), reason = event.string_or("reason", "");
        log("run #{}: {} {}{}{}{}", m_number, job, state, state == "skipped" ? "" : shown_seconds(event),
            reason.empty() ? "" : ": ", cut(reason));
        if (state != "failed")
            return;
        auto number = m_failed.contains(job) ? m_failed[job] : m_commands[job];
        if (number > 0)
            for (const std::string& line : store::log_tail(m_run.get(), job, number, {.bytes = tail_bytes}))
                log("run #{}:   | {}", m_number, line);
    }

    store::RepoName m_repo;
    uint64_t m_number;
    UniqueFd m_run;
    store::EventReader m_events;
    std::map<std::string, int64_t> m_commands, m_failed; ///< by job, the last one
};

enum class Ending { told, late, unheard };

/// Whether nobody listens: git is gone, and so is the pusher.
bool is_unheard(const Context& context) { return !store::receiver_lives(context.push_id); }

Result<Ending> follow(const Context& context, Follower& follower, int64_t deadline)
{
    constexpr int64_t often = nanoseconds_per_second; // hints may be missed, and git may die without one
    sys::Watcher watcher = TRY(sys::Watcher::create());
    TRY(watcher.watch_changes(fmt::format("/proc/self/fd/{}", follower.run())));
    sys::Loop loop;
    bool unheard = false;
    loop.watch(watcher.fd(), sys::Interest::readable, [&] { watcher.drain(); });
    loop.watch(2, sys::Interest::hangup, [&] { unheard = true; });
    for (;;) {
        if (TRY(follower.look()))
            return Ending::told;
        int64_t left = deadline - monotonic_now();
        if (left <= 0)
            return Ending::late;
        TRY(loop.turn(std::min(left, often)));
        if (unheard || is_unheard(context))
            return Ending::unheard;
    }
}

} // namespace

void wait_for_runs(const Context& context, const std::vector<Outcome>& outcomes, int64_t patience)
{
    std::vector<uint64_t> numbers;
    for (const Outcome& outcome : outcomes)
        if (outcome.run != 0 && numbers.size() < most_runs)
            numbers.push_back(outcome.run);
    if (numbers.empty())
        return;
    auto runner = sys::is_locked(context.root.fd(), store::paths::runner_lock);
    if (!runner || !*runner)
        return log("no runner is there to wait for");
    log("waiting at most {}; the push is in, and the {} on without you", format_duration(patience),
        numbers.size() == 1 ? "run goes" : "runs go");
    int64_t deadline = monotonic_now() + patience;
    for (uint64_t number : numbers) {
        auto run = sys::open_directory(context.root.fd(), store::paths::run(context.repo, number));
        if (!run)
            continue; // pruned already
        Follower follower(context, number, std::move(*run));
        auto ending = follow(context, follower, deadline);
        if (!ending)
            return log("run #{} can't be followed: {}", number, ending.error().message);
        if (*ending == Ending::unheard)
            return;
        if (*ending == Ending::late)
            return log("run #{} has not ended within {}; 'quire logs {} {} --follow' goes on", number,
                       format_duration(patience), context.repo.str(), number);
    }
}

} // namespace quire::push
