// bisect: finds the commit with which a job began to fail. It tells each step, or with --json all of it at the end.
#include <signal.h>

#include "base/log.h"
#include "forge/bisection.h"
#include "forge/config.h"
#include "forge/run_requests.h"
#include "sys/file.h"
#include "sys/inotify.h"
#include "sys/loop.h"
#include "sys/process.h"
#include "sys/signals.h"
#include "text/controls.h"
#include "text/escape.h"
#include "text/json.h"
#include "verbs.h"

namespace quire::tool {

using forge::JobVerdict;
using forge::Verdict;
using store::RunRecord;

namespace {

constexpr size_t longest_subject = 72;

std::string subject_of(const git::Commit& commit)
{
    std::string subject = text::for_terminal(commit.message.substr(0, commit.message.find('\n')));
    return subject.empty() ? "(no message)" : text::cut(subject, longest_subject);
}

std::string short_id(const std::string& id) { return id.substr(0, 12); }

std::string words_for(const JobVerdict& verdict)
{
    std::string because = verdict.reason.empty() ? "" : ": " + verdict.reason;
    switch (verdict.verdict) {
    case Verdict::good:
        return "succeeds";
    case Verdict::bad:
        return "fails" + because;
    default:
        return "can't be told" + because;
    }
}

std::string name_of(Verdict verdict)
{
    return verdict == Verdict::good ? "good" : verdict == Verdict::bad ? "bad" : "unknown";
}

enum class Telling { steps, json };

/// Waits for the end of runs. Whoever asked may give up: with ctrl-C, or by leaving.
class Waiting {
public:
    static Result<Waiting> create(const store::Root& root)
    {
        return Waiting(root, TRY(sys::Signals::take({SIGINT, SIGTERM, SIGHUP})));
    }

    /// The record at the end. nullopt: the one who asked has given up.
    Result<std::optional<RunRecord>> wait_for(const RunRecord& run)
    {
        sys::Watcher watcher = TRY(sys::Watcher::create());
        TRY(watcher.watch_changes(m_root.absolute(store::paths::run(run.repo, run.number))));
        for (;;) {
            RunRecord now = TRY(store::read_run_record(m_root, run.repo, run.number));
            if (store::is_terminal(now.state))
                return std::optional(std::move(now));
            if (!TRY(forge::runner_lives(m_root)))
                return fail(ErrorKind::refused,
                            "the runner has stopped; run #{} waits for the next one, and will count then", run.number);
            TRY(turn(watcher));
            if (m_has_given_up)
                return std::optional<RunRecord>();
        }
    }

private:
    Waiting(const store::Root& root, sys::Signals signals) : m_root(root), m_signals(std::move(signals)) {}

    Result<void> turn(sys::Watcher& watcher)
    {
        constexpr int64_t at_most = 5 * nanoseconds_per_second;
        sys::Loop loop;
        loop.watch(watcher.fd(), sys::Interest::readable, [&] { watcher.drain(); });
        loop.watch(1, sys::Interest::hangup, [&] { m_has_given_up = true; });
        loop.watch(m_signals.fd(), sys::Interest::readable, [&] {
            while (m_signals.next())
                m_has_given_up = true;
        });
        return loop.turn(at_most);
    }

    const store::Root& m_root;
    sys::Signals m_signals;
    bool m_has_given_up = false;
};

class Bisecting {
public:
    Bisecting(const store::Root& root, store::RepoName repo, forge::Bisection bisection, Waiting waiting,
              Telling telling)
        : m_root(root), m_repo(std::move(repo)), m_bisection(std::move(bisection)), m_waiting(std::move(waiting)),
          m_telling(telling), m_who(sys::process_variable("QUIRE_PUSHER").value_or("operator"))
    {}

    Result<int> work()
    {
        const forge::BisectionPlan& plan = m_bisection.plan();
        TRY(say(fmt::format("'{}' of {}: good is {}, bad is {}\n", text::for_terminal(plan.job), m_repo.str(),
                            short_id(plan.good.commit), short_id(plan.bad.commit))));
        int code = TRY(search(plan));
        if (m_telling == Telling::json)
            TRY(cli::print(text::write_json(TRY(told(code == cli::exit_yes))) + "\n"));
        return code;
    }

private:
    Result<int> search(const forge::BisectionPlan& plan)
    {
        if (!TRY(check_end(plan.bad, Verdict::bad)) || !TRY(check_end(plan.good, Verdict::good)))
            return cli::exit_no;
        while (auto commit = TRY(m_bisection.next())) {
            TRY(say(fmt::format("{} commits left, about {} to try\n", m_bisection.suspects().size(),
                                m_bisection.steps_left())));
            auto verdict = TRY(try_commit(*commit));
            if (!verdict)
                return cli::exit_no;
            m_bisection.tell(commit->id, verdict->verdict);
        }
        return conclude();
    }

    Result<void> say(const std::string& text)
    {
        return m_telling == Telling::steps ? cli::print(text) : Result<void>();
    }

    /// What quire(1) says under JSON.
    Result<text::Data> told(bool is_found)
    {
        const forge::BisectionPlan& plan = m_bisection.plan();
        std::string url = TRY(forge::read_global_config(m_root)).url;
        text::Data::Sequence suspects;
        for (const std::string& id : m_bisection.suspects()) {
            text::Data one;
            one.set("commit", id);
            one.set("subject", subject_of(TRY(m_bisection.look_up(id))));
            if (!url.empty())
                one.set("url", commit_url(url, id));
            suspects.push_back(std::move(one));
        }
        text::Data data;
        data.set("repo", m_repo.str());
        data.set("job", plan.job);
        data.set("good", plan.good.commit);
        data.set("bad", plan.bad.commit);
        data.set("found", is_found);
        data.set("suspects", std::move(suspects));
        data.set("tried", std::move(m_tried));
        return data;
    }

    std::string commit_url(const std::string& url, const std::string& id) const
    {
        return fmt::format("{}/{}/-/commit/{}", url, m_repo.str(), id);
    }

    void note(const git::Commit& commit, const JobVerdict& verdict, bool is_known)
    {
        text::Data one;
        one.set("commit", commit.id);
        one.set("subject", subject_of(commit));
        one.set("verdict", name_of(verdict.verdict));
        one.set("run", static_cast<int64_t>(verdict.run));
        one.set("known", is_known);
        if (!verdict.reason.empty())
            one.set("reason", verdict.reason);
        m_tried.push_back(std::move(one));
    }

    /// Holds an end against what the job says there. False: given up.
    Result<bool> check_end(const forge::BisectionEnd& end, Verdict wanted)
    {
        git::Commit commit = TRY(m_bisection.look_up(end.commit));
        auto verdict = TRY(try_commit(commit));
        if (!verdict)
            return false;
        if (verdict->verdict == wanted)
            return true;
        return fail(ErrorKind::refused, "'{}' {} on {}, which was taken for {}",
                    text::for_terminal(m_bisection.plan().job), words_for(*verdict), short_id(end.commit),
                    wanted == Verdict::good ? "good" : "bad");
    }

    /// Asks the runs that were, else makes one. nullopt: given up.
    Result<std::optional<JobVerdict>> try_commit(const git::Commit& commit)
    {
        std::string line = fmt::format("{} {}\n    ", short_id(commit.id), subject_of(commit));
        JobVerdict verdict = m_bisection.known(commit);
        if (verdict.verdict != Verdict::unknown) {
            TRY(say(fmt::format("{}{}, as run #{} has told\n", line, words_for(verdict), verdict.run)));
            note(commit, verdict, true);
            return std::optional(std::move(verdict));
        }
        if (!TRY(forge::runner_lives(m_root)))
            return fail(ErrorKind::refused, "{} has to be tried, and no runner is alive: start quire-runner",
                        short_id(commit.id));
        RunRecord run = TRY(forge::create_bisection_run(m_root, m_repo, m_bisection.plan(), commit, m_who));
        TRY(say(fmt::format("{}run #{} is queued\n", line, run.number)));
        auto ended = TRY(m_waiting.wait_for(run));
        if (!ended) {
            // It may have ended just now, or the reader may be gone: that changes nothing.
            auto canceled = forge::request_cancel(m_root, run, m_who);
            (void)say(canceled ? fmt::format("given up; run #{} is being canceled\n", run.number) : "given up\n");
            return std::optional<JobVerdict>();
        }
        verdict = forge::verdict_of(m_root, *ended, m_bisection.plan().job);
        m_bisection.remember(commit, verdict);
        TRY(say(fmt::format("    {}\n", words_for(verdict))));
        note(commit, verdict, false);
        return std::optional(std::move(verdict));
    }

    Result<int> conclude()
    {
        const std::vector<std::string>& suspects = m_bisection.suspects();
        std::string url = TRY(forge::read_global_config(m_root)).url;
        TRY(say(
            suspects.size() == 1
                ? fmt::format("'{}' fails since this commit:\n", text::for_terminal(m_bisection.plan().job))
                : fmt::format("it is one of these {} commits; the others of them can't be tried:\n", suspects.size())));
        for (const std::string& id : suspects) {
            git::Commit commit = TRY(m_bisection.look_up(id));
            TRY(say(fmt::format("{} {}\n", id, subject_of(commit))));
            if (!url.empty())
                TRY(say(fmt::format("    {}\n", commit_url(url, id))));
        }
        return suspects.size() == 1 ? cli::exit_yes : cli::exit_no;
    }

    const store::Root& m_root;
    store::RepoName m_repo;
    forge::Bisection m_bisection;
    Waiting m_waiting;
    Telling m_telling;
    std::string m_who;
    text::Data::Sequence m_tried;
};

} // namespace

Result<int> verb_bisect(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    auto plan = TRY(forge::plan_bisection(root, name,
                                          {.job = options.value("job").value_or(""),
                                           .good = options.value("good").value_or(""),
                                           .bad = options.value("bad").value_or("")}));
    forge::Bisection bisection = TRY(forge::Bisection::create(root, name, std::move(plan)));
    Telling telling = options.has("json") ? Telling::json : Telling::steps;
    return Bisecting(root, name, std::move(bisection), TRY(Waiting::create(root)), telling).work();
}

} // namespace quire::tool
