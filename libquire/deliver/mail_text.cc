#include "deliver/mail_text.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "base/sha256.h"
#include "base/show_time.h"
#include "base/strings.h"
#include "deliver/mail_message.h"
#include "deliver/run_story.h"
#include "text/shell_words.h"

namespace quire::deliver {

using store::GlobalConfig;
using store::Root;
using store::RunRecord;
using store::RunState;

/// in a summary; further events are only counted
constexpr size_t most_lines = 60;

static std::string host_of(const GlobalConfig& config)
{
    std::string_view host = config.url.empty() ? config.host : config.url;
    if (size_t scheme = host.find("://"); scheme != std::string_view::npos)
        host.remove_prefix(scheme + 3);
    host = host.substr(0, host.find('/'));
    if (size_t at = host.rfind('@'); at != std::string_view::npos)
        host.remove_prefix(at + 1);
    host = host.substr(0, host.find(':'));
    return std::string(host);
}

std::string sender_of(const GlobalConfig& config)
{
    if (!config.smtp.from.empty())
        return config.smtp.from;
    std::string address = "quire@" + host_of(config);
    return store::is_mail_address(address) ? address : "quire@localhost";
}

std::string command_line(const GlobalConfig& config)
{
    return config.host.empty() ? "quire" : fmt::format("ssh {} quire", config.host);
}

/// "main", "tag v1", or the cron or manual source's own name.
static std::string label_of(const RunRecord& record)
{
    if (!record.event.empty())
        return record.event;
    std::string_view ref = record.ref;
    if (strip_prefix(ref, "refs/heads/"))
        return std::string(ref);
    if (strip_prefix(ref, "refs/tags/"))
        return fmt::format("tag {}", ref);
    return record.ref;
}

static std::string ordinal(size_t n)
{
    bool is_teen = n % 100 / 10 == 1;
    return fmt::format("{}{}", n, is_teen ? "th" : n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th");
}

static std::string_view verdict_of(const RunRecord& record, const std::string& kind)
{
    if (kind == "ci-fixed")
        return "is fixed";
    if (kind == "ci-succeeded")
        return "succeeded";
    return record.state == RunState::errored     ? "could not be run"
           : record.state == RunState::timed_out ? "took too long"
                                                 : "failed";
}

namespace {

/// The rows at the top of a mail: a word and its value.
class Rows {
public:
    void add(std::string_view name, std::string_view value)
    {
        if (!value.empty())
            m_text += fmt::format("  {:<12} {}\n", name, visible(value));
    }
    std::string take() { return std::move(m_text) + "\n"; }

private:
    std::string m_text;
};

class RunMail {
public:
    RunMail(const Root& root, const GlobalConfig& config, const Event& event, RunRecord record)
        : m_config(config), m_event(event), m_record(std::move(record)),
          m_streak(find_streak(root, m_record).value_or({})), m_commit(tell_commit(root, m_record))
    {
        if (is_failure(m_record.state))
            m_story = tell_run(root, m_record);
    }

    std::string subject() const
    {
        std::string text = fmt::format("[{}] {} {}: #{}", m_record.repo.str(), label_of(m_record),
                                       verdict_of(m_record, m_event.kind), m_record.number);
        if (!m_story.job.empty())
            text += fmt::format(", job {}", m_story.job);
        if (is_failure(m_record.state) && m_streak.failures > 1)
            text += fmt::format(", the {} time", ordinal(m_streak.failures));
        return text;
    }

    std::string body() const
    {
        return fmt::format("{}: {} {}.\n\n", m_record.repo.str(), visible(label_of(m_record)),
                           verdict_of(m_record, m_event.kind)) +
               rows() + output() + what_to_do();
    }

    /// Mails about the same branch or source form a thread.
    std::string thread() const { return fmt::format("{} {} {}", m_record.repo.str(), m_record.ref, m_record.event); }

private:
    std::string rows() const
    {
        Rows rows;
        rows.add("run", fmt::format("#{}, ended {}, after {}", m_record.number, show_moment(m_record.ended_at),
                                    format_duration(std::max<int64_t>(m_record.ended_at - m_record.started_at, 0))));
        rows.add("page", m_config.run_url(m_record.repo, m_record.number));
        rows.add("commit", fmt::format("{} {}", m_record.sha.substr(0, 12), m_commit.subject));
        rows.add("written by", m_commit.author);
        bool is_push = m_record.event.empty();
        rows.add(is_push ? "pushed by" : "started by",
                 fmt::format("{}{}", m_record.pusher.empty() ? "the forge itself" : m_record.pusher,
                             is_push ? fmt::format(", {}", show_moment(m_record.queued_at)) : ""));
        rows.add("ref", m_record.ref);
        rows.add("result", fmt::format("{}{}{}", store::to_string(m_record.state), m_record.reason.empty() ? "" : ": ",
                                       m_record.reason));
        rows.add("since", since());
        return rows.take();
    }

    std::string since() const
    {
        if (m_streak.failures == 0)
            return {};
        std::string text;
        if (is_failure(m_record.state) && m_streak.failures == 1)
            text = "this run";
        else
            text = fmt::format("#{}, {}; {} in a row", m_streak.first_failure, show_moment(m_streak.since),
                               m_streak.failures);
        if (m_streak.last_success != 0)
            text += fmt::format("; #{} was well ({})", m_streak.last_success, m_streak.last_good_sha.substr(0, 12));
        else
            text += "; no earlier run was well";
        return text;
    }

    std::string output() const
    {
        if (!is_failure(m_record.state) || (m_story.lines.empty() && m_story.job.empty()))
            return {};
        std::string text;
        if (!m_story.command.empty())
            text = fmt::format("Job {} ran: {}\nwhich ended with {}, after these lines:\n\n", visible(m_story.job),
                               visible(m_story.command), m_story.exit);
        else if (!m_story.job.empty())
            text = fmt::format("Job {}: {}\n\n", visible(m_story.job), visible(m_story.reason));
        for (const std::string& line : m_story.lines)
            text += fmt::format("  | {}\n", line);
        return text + (m_story.lines.empty() ? "" : "\n");
    }

    std::string what_to_do() const
    {
        std::string quire = command_line(m_config);
        std::string which = fmt::format("{} {}", m_record.repo.str(), m_record.number);
        std::string job = m_story.job.empty() ? "" : " --job " + text::shell_quote(m_story.job);
        std::string text = fmt::format("All that it printed:    {} logs {}{}\n", quire, which, job);
        if (!is_failure(m_record.state))
            return text;
        text += fmt::format("Run it again:           {} rerun {}\n", quire, which);
        text += fmt::format("Repeat it on a clone:   {} replay {}{}\n", quire, which, job);
        return text;
    }

    const GlobalConfig& m_config;
    const Event& m_event;
    RunRecord m_record;
    Streak m_streak;
    CommitStory m_commit;
    RunStory m_story;
};

} // namespace

static std::string how_to_stop(const GlobalConfig& config, const Event& event, const std::string& to)
{
    std::string quire = command_line(config);
    std::string text = fmt::format("\n-- \nquire sends {} to {} because :notifications says so.\n", event.kind, to);
    if (event.repo)
        text += fmt::format("Nothing more about {0}:  {1} config set {0} notifications.to '[]'\n", event.repo->str(),
                            quire);
    return text + "Which events are told at all, and to whom: :notifications in config.fnl, quire-config(5).\n";
}

static std::string page_of(const GlobalConfig& config, const Event& event)
{
    if (config.url.empty() || !event.repo)
        return {};
    return fmt::format("{}/{}", config.url, event.repo->str());
}

/// For a mirror or a backup: the subject and the text.
static std::pair<std::string, std::string> tell_delivery(const GlobalConfig& config, const Event& event)
{
    std::string quire = command_line(config);
    std::string what = event.kind.starts_with("mirror-") ? fmt::format("mirror {}", event.subject)
                       : event.subject.empty()           ? "backup"
                                                         : fmt::format("backup to {}", event.subject);
    bool is_fixed = event.kind.ends_with("-fixed");
    std::string prefix = event.repo ? fmt::format("[{}] ", event.repo->str()) : "";
    std::string subject = fmt::format("{}{} {}", prefix, what, is_fixed ? "works again" : "failed");
    if (!is_fixed && !event.reason.empty())
        subject += ": " + event.reason;
    Rows rows;
    rows.add(is_fixed ? "was down" : "since", show_moment(event.since != 0 ? event.since : event.at));
    rows.add(is_fixed ? "works since" : "told", event.since != 0 ? show_moment(event.at) : "");
    rows.add("reason", event.reason);
    rows.add("page", page_of(config, event));
    std::string text = fmt::format("{}{} {}.\n\n", event.repo ? event.repo->str() + ": " : "", visible(what),
                                   is_fixed ? "works again" : "failed") +
                       rows.take();
    if (is_fixed)
        return {subject, text};
    text += "It is tried again by itself, less often each time; another mail says when it works again.\n\n";
    if (event.kind.starts_with("mirror-") && event.repo)
        text += fmt::format("Look at it now:   {} mirror check {} {}\n", quire, event.repo->str(),
                            text::shell_quote(event.subject));
    return {subject, text + "What else is wrong:   quire doctor, on the forge\n"};
}

/// One line of a summary.
static std::string line_of(const Root& root, const GlobalConfig& config, const Event& event)
{
    std::string what = event.kind;
    std::string where = page_of(config, event);
    if (event.is_of_run()) {
        auto record = store::read_run_record(root, *event.repo, event.run);
        what = record ? fmt::format("{} {}: #{}{}{}", label_of(*record), verdict_of(*record, event.kind), event.run,
                                    record->reason.empty() || event.kind != "ci-failed" ? "" : ": ",
                                    event.kind == "ci-failed" ? record->reason : "")
                      : fmt::format("{}: #{}", event.kind, event.run);
        where = config.run_url(*event.repo, event.run);
    } else {
        what += fmt::format(" {}{}{}", event.subject, event.reason.empty() ? "" : ": ", event.reason);
    }
    return fmt::format("  {}  {}{}\n{}", show_moment(event.at), event.repo ? event.repo->str() + ": " : "",
                       visible(what), where.empty() ? "" : fmt::format("      {}\n", where));
}

static std::string names_of(const std::vector<Event>& events)
{
    std::vector<std::string> names;
    for (const Event& event : events) {
        std::string name = event.repo ? event.repo->str() : "the forge";
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(std::move(name));
    }
    constexpr size_t most = 4;
    if (names.size() <= most)
        return join(names, ", ");
    size_t more = names.size() - most + 1;
    names.resize(most - 1);
    return fmt::format("{} and {} more", join(names, ", "), more);
}

static void tell_summary(const Root& root, const GlobalConfig& config, const std::vector<Event>& events,
                         size_t left_out, Mail& mail)
{
    std::set<std::string> kinds;
    for (const Event& event : events)
        kinds.insert(event.kind);
    mail.subject = fmt::format("{} in {}: {}", events.size() + left_out, names_of(events),
                               join({kinds.begin(), kinds.end()}, ", "));
    mail.event = kinds.size() == 1 ? *kinds.begin() : "summary";
    mail.body =
        fmt::format("{} things happened that would each have been a mail. Nobody gets more than {} an hour.\n\n",
                    events.size() + left_out, most_an_hour);
    size_t shown = std::min(events.size(), most_lines);
    for (size_t i = 0; i < shown; ++i)
        mail.body += line_of(root, config, events[i]);
    if (events.size() + left_out > shown)
        mail.body += fmt::format("  and {} more\n", events.size() + left_out - shown);
    mail.body += fmt::format("\nWhat ran:   {} runs\n", command_line(config));
}

static void tell_one(const Root& root, const GlobalConfig& config, const Event& event, Mail& mail, std::string& thread)
{
    if (event.is_of_run()) {
        if (auto record = store::read_run_record(root, *event.repo, event.run)) {
            RunMail run(root, config, event, std::move(*record));
            mail.subject = run.subject();
            mail.body = run.body();
            thread = run.thread();
            return;
        }
        mail.subject = fmt::format("[{}] {}: #{}", event.repo->str(), event.kind, event.run);
        mail.body = fmt::format("The record of run #{} is gone by now.\n", event.run);
        return;
    }
    std::tie(mail.subject, mail.body) = tell_delivery(config, event);
    thread = fmt::format("{} {} {}", event.kind.substr(0, event.kind.find('-')), event.repo ? event.repo->str() : "",
                         event.subject);
}

Letter compose_letter(const Root& root, const GlobalConfig& config, const std::string& to,
                      const std::vector<Event>& events, size_t left_out)
{
    Mail mail{.from = sender_of(config), .to = to};
    mail.at = now();
    mail.event = events[0].kind;
    std::string_view domain = domain_of(mail.from);
    bool is_one = events.size() == 1 && left_out == 0;
    std::string thread;
    if (is_one)
        tell_one(root, config, events[0], mail, thread);
    else
        tell_summary(root, config, events, left_out, mail);
    bool same_repo =
        std::all_of(events.begin(), events.end(), [&](const Event& e) { return e.repo == events[0].repo; });
    mail.list = same_repo && events[0].repo ? events[0].repo->str() : "forge";
    mail.body += how_to_stop(config, same_repo ? events[0] : Event{.kind = "mail", .repo = std::nullopt}, to);
    std::string tail = sha256_hex(to + "\n" + (is_one ? events[0].id() : fmt::format("{}", mail.at))).substr(0, 12);
    mail.id = fmt::format("{}.{}@{}", id_word(is_one ? events[0].id() : "summary"), tail, domain);
    if (!thread.empty())
        mail.thread = fmt::format("thread.{}@{}", sha256_hex(thread).substr(0, 24), domain);
    return {.to = to, .id = mail.id, .subject = mail.subject, .text = write_mail(mail), .groups = {}};
}

} // namespace quire::deliver
