// logs: shows what a run's jobs printed, also while they run.
#include <algorithm>
#include <set>

#include "base/log.h"
#include "base/strings.h"
#include "forge/run_list.h"
#include "forge/run_log.h"
#include "log_search.h"
#include "store/run_failure.h"
#include "sys/file.h"
#include "sys/inotify.h"
#include "sys/loop.h"
#include "sys/self.h"
#include "text/escape.h"
#include "verbs.h"

namespace quire::tool {

using store::RunRecord;

/// As with cli::print, it is no failure if the reader went away; but output ends then.
static Result<void> write_out(std::string_view text) { return sys::write_all(1, text); }

static std::string last_words(int run)
{
    constexpr uint64_t most = 4096;
    auto file = sys::open_regular(run, store::paths::run_log, O_NOFOLLOW);
    auto status = file ? sys::stat_at(run, store::paths::run_log)
                       : Result<std::optional<struct stat>>(std::optional<struct stat>());
    if (!status || !*status)
        return {};
    auto size = static_cast<uint64_t>((*status)->st_size);
    std::string tail = sys::read_at(file->get(), size - std::min(size, most), most).value_or("");
    std::string out;
    for (std::string_view rest = tail; !rest.empty();)
        out += "  " + text::log_for_terminal(take_until(rest, '\n'), text::Colour::drop) + "\n";
    return out;
}

/// What to say about a run besides its log: why it has none, or how it ended if the events don't say.
static std::string closing_words(const RunRecord& record, const forge::RunLog& log, int run)
{
    if (!log.end_state().empty())
        return {};
    if (record.state == store::RunState::queued)
        return fmt::format("run #{} of {} waits in the queue\n", record.number, record.repo.str());
    if (!is_terminal(record.state))
        return {};
    std::string words = fmt::format("== the run {}: {}\n", to_string(record.state), text::for_terminal(record.reason));
    if (record.superseded_by != 0)
        words += fmt::format("see: quire logs {} {}\n", record.repo.str(), record.superseded_by);
    if (record.state == store::RunState::errored)
        words += last_words(run);
    return words;
}

static Result<void> check_job(const forge::RunLog& log, const std::string& job)
{
    if (log.knows_job() || !log.has_begun())
        return {};
    std::vector<std::string> ids(log.jobs().begin(), log.jobs().end());
    auto meant = nearest(job, ids);
    return fail(ErrorKind::not_found, "the run has no job '{}'{}", visible(job),
                meant         ? fmt::format("; did you mean '{}'?", *meant)
                : ids.empty() ? ""
                              : "; there are " + join(ids, ", "));
}

/// Waits until a run's files change. Checks every few seconds in case the kernel reports nothing.
class Follower {
public:
    static Result<Follower> create(int run)
    {
        Follower follower(run, TRY(sys::Watcher::create()));
        TRY(follower.watch(""));
        return follower;
    }

    /// Also watches a directory below the run, once. Returns true if that is new, when something may have been missed.
    Result<bool> watch(const std::string& below)
    {
        if (m_watched.contains(below))
            return false;
        auto watched = m_watcher.watch_changes(fmt::format("/proc/self/fd/{}/{}", m_run, below));
        if (watched)
            m_watched.insert(below);
        else if (watched.error().kind != ErrorKind::not_found) // made a moment later: the next change finds it
            return Unexpected(std::move(watched).error());
        return watched.has_value();
    }

    Result<void> wait()
    {
        constexpr int64_t at_most = 5 * nanoseconds_per_second;
        sys::Loop loop;
        loop.watch(m_watcher.fd(), sys::Interest::readable, [&] { m_watcher.drain(); });
        loop.watch(1, sys::Interest::hangup, [&] { m_reader_gone = true; });
        return loop.turn(at_most);
    }

    bool reader_gone() const { return m_reader_gone; }

private:
    Follower(int run, sys::Watcher watcher) : m_run(run), m_watcher(std::move(watcher)) {}
    int m_run;
    sys::Watcher m_watcher;
    std::set<std::string> m_watched;
    bool m_reader_gone = false;
};

/// Whether the state is fine, which includes a run without anything to do.
static bool is_well(std::string_view state)
{
    return state == to_string(store::RunState::succeeded) || state == to_string(store::RunState::skipped);
}

/// Prints until the run has ended, and returns whether it ended well.
static Result<bool> follow(RunRecord record, int run, forge::RunLog& log, const std::string& job)
{
    Follower follower = TRY(Follower::create(run));
    for (bool said_so = false;;) {
        // The record is read before the events: once it says that the run ended, the last event has been written.
        auto read = store::read_run_record(run, record.repo, store::paths::run(record.repo, record.number));
        if (!read && read.error().kind == ErrorKind::not_found)
            return fail(ErrorKind::not_found, "run #{} of {} was pruned", record.number, record.repo.str());
        record = TRY(std::move(read));
        if (is_terminal(record.state))
            log.set_over();
        TRY(log.advance(write_out));
        TRY(check_job(log, job));
        if (!log.end_state().empty())
            return is_well(log.end_state());
        if (is_terminal(record.state)) {
            TRY(write_out(closing_words(record, log, run)));
            return is_well(to_string(record.state));
        }
        if (record.state == store::RunState::queued && !std::exchange(said_so, true))
            log_line(fmt::format("run #{} of {} waits in the queue", record.number, record.repo.str()));
        std::string directory = log.active_directory();
        bool is_new = TRY(follower.watch("jobs")) || (!directory.empty() && TRY(follower.watch(directory)));
        if (!is_new)
            TRY(follower.wait());
        if (follower.reader_gone())
            return false;
    }
}

/// The end of what failed, job by job. Exits with 1 if nothing did.
static Result<int> print_failures(const RunRecord& record, int run, const std::string& job)
{
    std::string out;
    for (const store::JobFailure& failure : store::tell_failures(run)) {
        if (!job.empty() && failure.job != job)
            continue;
        std::string name = failure.job.empty() ? "the pipeline" : visible(failure.job);
        if (!failure.command.empty())
            out += fmt::format("== {}: $ {}\n", name, failure.command);
        for (const std::string& line : failure.lines)
            out += line + "\n";
        out += fmt::format("== {} failed{}{}\n", name, failure.reason.empty() ? "" : ": ", failure.reason);
    }
    if (out.empty())
        return fail(ErrorKind::not_found, "no job of run #{} of {} failed; it is {}{}{}", record.number,
                    record.repo.str(), to_string(record.state), record.reason.empty() ? "" : ": ", record.reason);
    TRY(write_out(out));
    return cli::exit_yes;
}

/// Lines that match, instead of all of them.
static Result<int> grep(const cli::Options& options, const store::Root& root)
{
    for (const char* flag : {"failed", "follow", "timestamps"})
        if (options.has(flag))
            return fail(ErrorKind::usage, "logs: --{} does not go with --grep", flag);
    return search_logs(options, root);
}

Result<int> verb_logs(const Call& call)
{
    cli::Options options = TRY(call.options());
    std::optional<uint64_t> number;
    if (options.operands().size() > 1)
        number = TRY(Call::run_number(options.operands()[1]));
    std::string job = options.value("job").value_or("");
    store::Root root = TRY(call.root());
    if (options.has("grep"))
        return grep(options, root);
    for (const char* flag : {"ignore-case", "state", "since", "limit", "json"})
        if (options.has(flag))
            return fail(ErrorKind::usage, "logs: --{} is for --grep", flag);
    RunRecord record = TRY(forge::find_run(root, TRY(Call::repository(root, options.operands()[0])), number));
    UniqueFd run = TRY(sys::open_directory(root.fd(), store::paths::run(record.repo, record.number)));
    if (options.has("failed")) {
        if (options.has("follow") || options.has("timestamps"))
            return fail(ErrorKind::usage, "logs: --failed is of a run that has ended, and has no times");
        return print_failures(record, run.get(), job);
    }
    forge::RunLog log(run.get(), {.job = job,
                                  .run = fmt::format("{} {}", record.repo.str(), record.number),
                                  .colour = sys::is_terminal(1) ? text::Colour::keep : text::Colour::drop,
                                  .timestamps = options.has("timestamps")});
    auto printed = [&]() -> Result<int> {
        if (options.has("follow"))
            return TRY(follow(record, run.get(), log, job)) ? cli::exit_yes : cli::exit_no;
        if (is_terminal(record.state))
            log.set_over();
        TRY(log.advance(write_out));
        TRY(check_job(log, job));
        TRY(write_out(closing_words(record, log, run.get())));
        return cli::exit_yes;
    }();
    if (!printed && printed.error().code == EPIPE)
        return options.has("follow") ? cli::exit_no : cli::exit_yes;
    return printed;
}

} // namespace quire::tool
