#include "web/runs/log_follow.h"

#include <algorithm>

#include "base/strings.h"
#include "sys/file.h"
#include "web/html/parts.h"

namespace quire::web {

constexpr int64_t heartbeat = 15 * nanoseconds_per_second;
constexpr uint64_t piece = 32u << 10; ///< how much of a log is read at a time

std::optional<LogPlace> parse_log_place(std::string_view text)
{
    std::string_view step = take_until(text, '.');
    auto number = parse_decimal(step);
    bool is_end = text == "end";
    auto offset = parse_decimal(is_end ? "0" : text);
    if (!number || !offset || *number > 1'000'000)
        return std::nullopt;
    return LogPlace{static_cast<int64_t>(*number), *offset, is_end};
}

namespace {

/// What all three followers share: waking up, reading events and steps, and sending the output.
class Follower : public http::BodySource {
public:
    Follower(RunWatch& watch, FollowedRun run, UniqueFd directory, const FollowOptions& options)
        : m_run(std::move(run)), m_directory(std::move(directory)), m_options(options), m_watch(watch),
          m_reader(m_directory.get())
    {}

    void start(http::Waker waker) override
    {
        m_waker = std::move(waker);
        m_watches[0] = m_watch.watch(m_directory.get(), m_waker);
    }

    bool is_live() const override { return m_options.waits; }
    size_t block() const override { return 1024; } // small, since thousands may wait

    Result<http::Pull> pull(char* buffer, size_t size) override
    {
        for (;;) {
            if (m_sent < m_out.size()) {
                size_t count = m_out.copy(buffer, size, m_sent);
                m_sent += count;
                return http::Pull::some(count);
            }
            m_out = std::string(); // a waiting reader must not hold a buffer
            m_sent = 0;
            if (m_is_done)
                return http::Pull::end();
            if (TRY(advance()))
                continue;
            int64_t now = monotonic_now();
            if (m_beat_at == 0)
                m_beat_at = now;
            if (now - m_beat_at >= heartbeat) {
                m_beat_at = now;
                m_out = beat();
            }
            // If the directory can't be watched, looks again after a while.
            if (m_out.empty())
                return http::Pull::wait(-1, m_watches[0] ? m_beat_at + heartbeat : now + nanoseconds_per_second / 2);
        }
    }

protected:
    /// Makes more output; false: there is nothing yet.
    virtual Result<bool> advance() = 0;
    virtual std::string beat() const = 0;

    const StoryJob* job() const { return m_story.find(m_run.job); }
    Result<bool> read_events() { return m_reader.advance(m_story, 256u << 10); }

    /// Whether the run has ended or is gone. Called only if there is nothing else, because it reads the record.
    bool run_is_over()
    {
        if (!m_story.end_state.empty())
            return true;
        auto record = read_record();
        return !record || store::is_terminal(record->state);
    }
    bool job_is_over() { return (job() && job()->has_ended()) || run_is_over(); }

    Result<store::RunRecord> read_record() const
    {
        return store::read_run_record(m_directory.get(), m_run.repo, fmt::format("run {}", m_run.number));
    }
    /// Watches the job's own directory, which appears with its first step.
    void watch_job()
    {
        if (m_watches[1])
            return;
        if (auto logs = sys::open_directory(m_directory.get(), store::paths::job_logs(m_run.job)))
            m_watches[1] = m_watch.watch(logs->get(), m_waker);
    }

    FollowedRun m_run;
    UniqueFd m_directory;
    FollowOptions m_options;
    RunStory m_story;
    std::string m_out;
    bool m_is_done = false;

private:
    RunWatch& m_watch;
    StoryReader m_reader;
    http::Waker m_waker;
    std::unique_ptr<RunWatch::Subscription> m_watches[2];
    size_t m_sent = 0;
    int64_t m_beat_at = 0;
};

/// Goes through a job's steps and leaves the form of the entries to the derived class.
class StepFollower : public Follower {
public:
    using Follower::Follower;

protected:
    virtual void begin_step(const StoryStep& step) = 0;
    /// Sets the colours in effect where a reader re-enters a step.
    virtual void go_on_with(const text::Style&) {}
    virtual void take(const LogPosition& at, uint64_t end, const store::LogLine& line) = 0;
    /// Called after a piece was read. `is_last`: nothing more follows in this step.
    virtual void piece_taken(bool is_last) = 0;
    virtual void end_step(const StoryStep& step) = 0;
    virtual void end_job() = 0;

    Result<bool> advance() override
    {
        if (TRY(read_events()))
            watch_job();
        const StoryStep* step = current_step();
        if (!step) {
            if (!m_options.waits || job_is_over()) {
                // Events that were written just before the end was noticed must not be lost.
                if (TRY(read_events()))
                    return true;
                end_job();
                m_is_done = true;
                return true;
            }
            return false;
        }
        if (!std::exchange(m_has_begun, true)) {
            watch_job();
            begin_step(*step);
            return true;
        }
        // The end is looked for before the log is read to its end, or output in between could be lost.
        bool has_ended = step->exit.has_value() || !m_options.waits || job_is_over();
        if (TRY(read_piece()))
            return true;
        if (!has_ended)
            return false;
        piece_taken(true);
        end_step(*step);
        ++m_step_index;
        m_has_begun = false;
        m_at = {};
        return true;
    }

    LogPosition m_at;

private:
    const StoryStep* current_step()
    {
        const StoryJob* found = job();
        if (!found)
            return nullptr;
        if (!std::exchange(m_has_place, true) && m_options.from.step >= 0) {
            while (m_step_index < found->steps.size() && found->steps[m_step_index].number != m_options.from.step)
                ++m_step_index;
            if (m_step_index == found->steps.size()) {
                m_step_index = 0;
                m_has_place = false; // the step is not in the events yet
            } else if (m_options.from.is_end) {
                ++m_step_index;
            } else {
                m_start = m_options.from.offset;
            }
        }
        return m_has_place && m_step_index < found->steps.size() ? &found->steps[m_step_index] : nullptr;
    }

    Result<bool> read_piece()
    {
        const StoryStep& step = job()->steps[m_step_index];
        auto log = StepLog::open(m_directory.get(), m_run.job, step.number);
        if (!log && log.error().kind == ErrorKind::not_found)
            return false;
        StepLog opened = TRY(std::move(log));
        if (uint64_t start = std::exchange(m_start, 0); start > 0) {
            m_at = TRY(opened.locate(start));
            go_on_with(TRY(opened.style_at(m_at.offset)));
        }
        LogRange range{m_at, std::min(opened.size(), m_at.offset + piece)};
        LogPosition reached = TRY(opened.each(
            range, [&](const LogPosition& at, uint64_t end, const store::LogLine& line) { take(at, end, line); }));
        if (reached.offset == m_at.offset)
            return false;
        m_at = reached;
        piece_taken(false);
        return true;
    }

    bool m_has_begun = false, m_has_place = false;
    size_t m_step_index = 0;
    uint64_t m_start = 0;
};

class EventFollower : public StepFollower {
public:
    using StepFollower::StepFollower;

private:
    std::string beat() const override { return ": still here\n\n"; }

    void begin_step(const StoryStep& step) override
    {
        m_number = step.number;
        m_rows.emplace(step.number, m_options.shows_times);
        // A reader that resumes in the middle of a step has its heading already.
        if (m_options.from.step != step.number || m_options.from.offset == 0)
            say("step", place(0), step_heading(*job(), step, link(step.number)).take());
        m_options.from = {};
    }
    void go_on_with(const text::Style& style) override { m_rows->begin_with(style); }
    void take(const LogPosition& at, uint64_t end, const store::LogLine& line) override { m_rows->add(at, end, line); }
    void piece_taken(bool is_last) override
    {
        if (is_last)
            m_rows->finish();
        std::string rows = m_rows->take().take();
        if (!rows.empty())
            say("rows", place(m_rows->done().offset), rows);
        if (m_rows->has_partial())
            say("partial", "", m_rows->partial().take());
    }
    void end_step(const StoryStep& step) override
    {
        say("done", fmt::format("{}.end", m_number), step_ending(step).take());
    }
    void end_job() override { say("end", "", ""); }

    std::string place(uint64_t offset) const { return fmt::format("{}.{}", m_number, offset); }
    Url link(int64_t step) const
    {
        return Url::run_view(m_run.repo, m_run.number, "log", m_run.job).with("step", std::to_string(step));
    }

    void say(std::string_view event, const std::string& id, std::string_view data)
    {
        m_out += fmt::format("event: {}\n", event);
        if (!id.empty())
            m_out += fmt::format("id: {}\n", id);
        strip_suffix(data, "\n");
        for (std::string_view line : split(data, '\n'))
            m_out += fmt::format("data: {}\n", line);
        m_out += "\n";
    }

    int64_t m_number = 0;
    std::optional<LogRows> m_rows;
};

/// Exactly the bytes that the commands printed, step after step.
class TextFollower : public StepFollower {
public:
    using StepFollower::StepFollower;

private:
    std::string beat() const override { return {}; } // anything sent would become part of the output
    void begin_step(const StoryStep&) override {}
    void take(const LogPosition&, uint64_t, const store::LogLine& line) override
    {
        if (m_options.shows_times)
            m_out += fmt::format("{} ", line.at);
        m_out += line.text;
        if (line.is_whole || m_options.shows_times)
            m_out += '\n';
    }
    void piece_taken(bool) override {}
    void end_step(const StoryStep&) override {}
    void end_job() override {}
};

class ChangeFollower : public Follower {
public:
    using Follower::Follower;

private:
    std::string beat() const override { return ": still here\n\n"; }
    Result<bool> advance() override
    {
        bool has_news = TRY(read_events());
        auto record = read_record();
        std::string state = record ? std::string(store::to_string(record->state)) : "gone";
        has_news = has_news || state != m_state;
        m_state = state;
        m_is_done = !record || store::is_terminal(record->state);
        // The first look happens together with the page's own, or a moment later. Telling the page once too often does
        // no harm.
        if (has_news || m_is_done)
            m_out = "event: change\ndata: " + state + "\n\n";
        if (m_is_done)
            m_out += "event: end\ndata: \n\n";
        return has_news || m_is_done;
    }
    std::string m_state;
};

} // namespace

std::shared_ptr<http::BodySource> follow_as_events(RunWatch& watch, FollowedRun run, UniqueFd directory,
                                                   const FollowOptions& options)
{
    return std::make_shared<EventFollower>(watch, std::move(run), std::move(directory), options);
}

std::shared_ptr<http::BodySource> follow_as_text(RunWatch& watch, FollowedRun run, UniqueFd directory,
                                                 const FollowOptions& options)
{
    return std::make_shared<TextFollower>(watch, std::move(run), std::move(directory), options);
}

std::shared_ptr<http::BodySource> follow_changes(RunWatch& watch, FollowedRun run, UniqueFd directory)
{
    return std::make_shared<ChangeFollower>(watch, std::move(run), std::move(directory), FollowOptions{});
}

Html step_heading(const StoryJob& job, const StoryStep& step, const Url& link)
{
    Html html;
    html.add("<h2 class=\"step\" id=\"S{}\"><a href=\"{}\">{}</a> <code>{}</code></h2>\n", step.number, link,
             step.number == 0 ? shown_name(job.id) : std::to_string(step.number), shown(step.command));
    return html;
}

Html step_ending(const StoryStep& step)
{
    Html html;
    if (!step.exit)
        return html.add("<p class=\"ending\">its end was not recorded</p>\n");
    html.add("<p class=\"ending\"><span class=\"{}\">exit {}</span> after {}",
             *step.exit == 0 ? "state succeeded" : "state failed", *step.exit,
             format_duration(static_cast<int64_t>(step.seconds * 1e9)));
    if (!step.reason.empty())
        html.add(": {}", shown_name(step.reason));
    return html.add("</p>\n");
}

} // namespace quire::web
