#include "web/runs/log_follow.h"

#include <algorithm>

#include "base/strings.h"
#include "sys/file.h"

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

/// The run as it is known so far, and what wakes its reader.
class Followed {
public:
    Followed(RunWatch& watch, FollowedRun run, UniqueFd directory)
        : m_watch(watch), m_run(std::move(run)), m_directory(std::move(directory)), m_reader(m_directory.get())
    {}

    void start(http::Waker waker)
    {
        m_waker = std::move(waker);
        m_watches[0] = m_watch.watch(m_directory.get(), m_waker);
    }
    bool is_watched() const { return m_watches[0] != nullptr; }
    /// Watches the job's own directory, which appears with its first step.
    void watch_job()
    {
        if (m_watches[1])
            return;
        if (auto logs = sys::open_directory(m_directory.get(), store::paths::job_logs(m_run.job)))
            m_watches[1] = m_watch.watch(logs->get(), m_waker);
    }

    int directory() const { return m_directory.get(); }
    const FollowedRun& run() const { return m_run; }
    const StoryJob* job() const { return m_story.find(m_run.job); }
    /// Whether there were new events.
    Result<bool> read_events() { return m_reader.advance(m_story, 256u << 10); }
    Result<store::RunRecord> read_record() const
    {
        return store::read_run_record(m_directory.get(), m_run.repo, fmt::format("run {}", m_run.number));
    }
    /// Whether the job or its run has ended, or is gone. Ask only if there is nothing else: it may read the record.
    bool job_is_over() const
    {
        if ((job() && job()->has_ended()) || !m_story.end_state.empty())
            return true;
        auto record = read_record();
        return !record || store::is_terminal(record->state);
    }

private:
    RunWatch& m_watch;
    FollowedRun m_run;
    UniqueFd m_directory;
    RunStory m_story;
    StoryReader m_reader;
    http::Waker m_waker;
    std::unique_ptr<RunWatch::Subscription> m_watches[2];
};

/// What a follower tells its reader, piece by piece.
class Teller {
public:
    virtual ~Teller() = default;
    /// Adds to the output; false: there is nothing yet.
    virtual Result<bool> advance(Followed& followed, std::string& out) = 0;
    virtual bool is_done() const = 0;
    /// What tells a reader who has waited for long that the server is there.
    virtual std::string_view beat() const = 0;
};

class Follower : public http::BodySource {
public:
    Follower(Followed followed, std::unique_ptr<Teller> teller, bool waits)
        : m_followed(std::move(followed)), m_teller(std::move(teller)), m_waits(waits)
    {}

    void start(http::Waker waker) override { m_followed.start(std::move(waker)); }
    bool is_live() const override { return m_waits; }
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
            if (m_teller->is_done())
                return http::Pull::end();
            if (TRY(m_teller->advance(m_followed, m_out)))
                continue;
            int64_t now = monotonic_now();
            if (m_beat_at == 0)
                m_beat_at = now;
            if (now - m_beat_at >= heartbeat) {
                m_beat_at = now;
                m_out = m_teller->beat();
            }
            // If the directory can't be watched, looks again after a while.
            if (m_out.empty())
                return http::Pull::wait(-1, m_followed.is_watched() ? m_beat_at + heartbeat
                                                                    : now + nanoseconds_per_second / 2);
        }
    }

private:
    Followed m_followed;
    std::unique_ptr<Teller> m_teller;
    bool m_waits;
    std::string m_out;
    size_t m_sent = 0;
    int64_t m_beat_at = 0;
};

/// How a job's steps are written down.
class StepForm {
public:
    virtual ~StepForm() = default;
    virtual std::string_view beat() const { return {}; }
    virtual void begin_step(std::string&, const StoryJob&, const StoryStep&) {}
    /// Sets the colours in effect where a reader re-enters a step.
    virtual void go_on_with(const text::Style&) {}
    virtual void take(std::string& out, const LogPosition& at, uint64_t end, const store::LogLine& line) = 0;
    /// Called after a piece was read. `is_last`: nothing more follows in this step.
    virtual void piece_taken(std::string&, bool is_last) { (void)is_last; }
    virtual void end_step(std::string&, const StoryStep&) {}
    virtual void end_job(std::string&) {}
};

/// Tells a job's steps, in one form or the other.
class StepTeller : public Teller {
public:
    StepTeller(const FollowOptions& options, std::unique_ptr<StepForm> form)
        : m_from(options.from), m_waits(options.waits), m_form(std::move(form))
    {}

    bool is_done() const override { return m_is_done; }
    std::string_view beat() const override { return m_form->beat(); }

    Result<bool> advance(Followed& followed, std::string& out) override
    {
        if (TRY(followed.read_events()))
            followed.watch_job();
        const StoryStep* step = current_step(followed.job());
        if (!step) {
            if (m_waits && !followed.job_is_over())
                return false;
            // Events that were written just before the end was noticed must not be lost.
            if (TRY(followed.read_events()))
                return true;
            m_form->end_job(out);
            m_is_done = true;
            return true;
        }
        if (!std::exchange(m_has_begun, true)) {
            followed.watch_job();
            m_form->begin_step(out, *followed.job(), *step);
            return true;
        }
        // The end is looked for before the log is read to its end, or output in between could be lost.
        bool has_ended = step->exit.has_value() || !m_waits || followed.job_is_over();
        if (TRY(read_piece(followed, *step, out)))
            return true;
        if (!has_ended)
            return false;
        m_form->piece_taken(out, true);
        m_form->end_step(out, *step);
        ++m_step_index;
        m_has_begun = false;
        m_at = {};
        return true;
    }

private:
    const StoryStep* current_step(const StoryJob* job)
    {
        if (!job)
            return nullptr;
        if (!std::exchange(m_has_place, true) && m_from.step >= 0) {
            while (m_step_index < job->steps.size() && job->steps[m_step_index].number != m_from.step)
                ++m_step_index;
            if (m_step_index == job->steps.size()) {
                m_step_index = 0;
                m_has_place = false; // the step is not in the events yet
            } else if (m_from.is_end) {
                ++m_step_index;
            } else {
                m_start = m_from.offset;
            }
        }
        return m_has_place && m_step_index < job->steps.size() ? &job->steps[m_step_index] : nullptr;
    }

    Result<bool> read_piece(const Followed& followed, const StoryStep& step, std::string& out)
    {
        auto log = StepLog::open(followed.directory(), followed.run().job, step.number);
        if (!log && log.error().kind == ErrorKind::not_found)
            return false;
        StepLog opened = TRY(std::move(log));
        if (uint64_t start = std::exchange(m_start, 0); start > 0) {
            m_at = TRY(opened.locate(start));
            m_form->go_on_with(TRY(opened.style_at(m_at.offset)));
        }
        LogRange range{m_at, std::min(opened.size(), m_at.offset + piece)};
        auto take = [&](const LogPosition& at, uint64_t end, const store::LogLine& line) {
            m_form->take(out, at, end, line);
        };
        LogPosition reached = TRY(opened.each(range, take));
        if (reached.offset == m_at.offset)
            return false;
        m_at = reached;
        m_form->piece_taken(out, false);
        return true;
    }

    const LogPlace m_from;
    const bool m_waits;
    std::unique_ptr<StepForm> m_form;
    LogPosition m_at;
    bool m_has_begun = false, m_has_place = false, m_is_done = false;
    size_t m_step_index = 0;
    uint64_t m_start = 0;
};

constexpr std::string_view comment = ": still here\n\n";

class Events : public StepForm {
public:
    Events(const FollowOptions& options, FollowedRun run)
        : m_from(options.from), m_shows_times(options.shows_times), m_run(std::move(run))
    {}

private:
    std::string_view beat() const override { return comment; }

    void begin_step(std::string& out, const StoryJob& job, const StoryStep& step) override
    {
        m_number = step.number;
        m_rows.emplace(step.number, m_shows_times);
        // A reader that resumes in the middle of a step has its heading already.
        if (m_from.step != step.number || m_from.offset == 0)
            say(out, "step", place(0), step_heading(job, step, link(step.number)).take());
        m_from = {};
    }
    void go_on_with(const text::Style& style) override { m_rows->begin_with(style); }
    void take(std::string&, const LogPosition& at, uint64_t end, const store::LogLine& line) override
    {
        m_rows->add(at, end, line);
    }
    void piece_taken(std::string& out, bool is_last) override
    {
        if (is_last)
            m_rows->finish();
        std::string rows = m_rows->take().take();
        if (!rows.empty())
            say(out, "rows", place(m_rows->done().offset), rows);
        if (m_rows->has_partial())
            say(out, "partial", "", m_rows->partial().take());
    }
    void end_step(std::string& out, const StoryStep& step) override
    {
        say(out, "done", fmt::format("{}.end", m_number), step_ending(step).take());
    }
    void end_job(std::string& out) override { say(out, "end", "", ""); }

    std::string place(uint64_t offset) const { return fmt::format("{}.{}", m_number, offset); }
    Url link(int64_t step) const
    {
        return Url::run_view(m_run.repo, m_run.number, "log", m_run.job).with("step", std::to_string(step));
    }

    static void say(std::string& out, std::string_view event, const std::string& id, std::string_view data)
    {
        out += fmt::format("event: {}\n", event);
        if (!id.empty())
            out += fmt::format("id: {}\n", id);
        strip_suffix(data, "\n");
        for (std::string_view line : split(data, '\n'))
            out += fmt::format("data: {}\n", line);
        out += "\n";
    }

    LogPlace m_from;
    const bool m_shows_times;
    const FollowedRun m_run;
    int64_t m_number = 0;
    std::optional<LogRows> m_rows;
};

/// Exactly the bytes that the commands printed, step after step. It has no beat, which would become part of the output.
class Text : public StepForm {
public:
    explicit Text(const FollowOptions& options) : m_shows_times(options.shows_times) {}

private:
    void take(std::string& out, const LogPosition&, uint64_t, const store::LogLine& line) override
    {
        if (m_shows_times)
            out += fmt::format("{} ", line.at);
        out += line.text;
        if (line.is_whole || m_shows_times)
            out += '\n';
    }

    const bool m_shows_times;
};

class ChangeTeller : public Teller {
public:
    bool is_done() const override { return m_is_done; }
    std::string_view beat() const override { return comment; }

    Result<bool> advance(Followed& followed, std::string& out) override
    {
        bool has_news = TRY(followed.read_events());
        auto record = followed.read_record();
        std::string state = record ? std::string(store::to_string(record->state)) : "gone";
        has_news = has_news || state != m_state;
        m_state = state;
        m_is_done = !record || store::is_terminal(record->state);
        // The first look happens together with the page's own, or a moment later. Telling the page once too often does
        // no harm.
        if (has_news || m_is_done)
            out = "event: change\ndata: " + state + "\n\n";
        if (m_is_done)
            out += "event: end\ndata: \n\n";
        return has_news || m_is_done;
    }

private:
    bool m_is_done = false;
    std::string m_state;
};

} // namespace

std::shared_ptr<http::BodySource> follow_as_events(RunWatch& watch, FollowedRun run, UniqueFd directory,
                                                   const FollowOptions& options)
{
    auto teller = std::make_unique<StepTeller>(options, std::make_unique<Events>(options, run));
    return std::make_shared<Follower>(Followed(watch, std::move(run), std::move(directory)), std::move(teller),
                                      options.waits);
}

std::shared_ptr<http::BodySource> follow_as_text(RunWatch& watch, FollowedRun run, UniqueFd directory,
                                                 const FollowOptions& options)
{
    auto teller = std::make_unique<StepTeller>(options, std::make_unique<Text>(options));
    return std::make_shared<Follower>(Followed(watch, std::move(run), std::move(directory)), std::move(teller),
                                      options.waits);
}

std::shared_ptr<http::BodySource> follow_changes(RunWatch& watch, FollowedRun run, UniqueFd directory)
{
    return std::make_shared<Follower>(Followed(watch, std::move(run), std::move(directory)),
                                      std::make_unique<ChangeTeller>(), true);
}

} // namespace quire::web
