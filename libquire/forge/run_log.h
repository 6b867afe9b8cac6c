// RunLog: what the jobs of a run printed, in the order in which their commands started, for people to read.
//
//   RunLog log = TRY(RunLog::open(directory, {.job = "test"}));
//   TRY(log.advance(sink));             // everything there is now; call it again when there may be more
//
// Commands that ran side by side are shown one after the other. Everything that the sink gets is safe for a terminal.
// Logs are read in pieces, so their size does not matter. An unfinished line is left for the next call.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "store/event_reader.h"
#include "store/log_line.h"
#include "text/terminal.h"

namespace quire::forge {

struct RunLogOptions {
    std::string job; ///< only this job; "": all jobs
    std::string run; ///< "foo 42", as one names it to quire
    text::Colour colour = text::Colour::drop;
    bool timestamps = false;
};

class RunLog {
public:
    using Sink = std::function<Result<void>(std::string_view)>;

    /// `run` is the run's open directory and must outlive the object.
    RunLog(int run, RunLogOptions options) : m_run(run), m_options(std::move(options)), m_events(run) {}

    Result<void> advance(const Sink& sink);

    /// Says that nothing more will be written: the next advance ends commands whose end is not on record.
    void set_over() { m_over = true; }
    /// The state in the event that ends a run; "" until that was read.
    const std::string& end_state() const { return m_end_state; }
    bool has_begun() const { return m_begun; }
    /// Whether options.job has appeared in the events; true if no job was given.
    bool knows_job() const { return m_options.job.empty() || m_jobs.contains(m_options.job); }
    const std::set<std::string>& jobs() const { return m_jobs; }
    /// The directory below the run that must be watched now; "": only the run's own.
    std::string active_directory() const;

private:
    using CommandId = std::pair<std::string, int64_t>;
    struct Item {
        std::string text;  ///< what to print; for a command, its heading
        CommandId command; ///< number 0: this is not a command
    };

    void take(const text::Data& event);
    void take_end(const text::Data& event);
    void say(std::string text);
    std::string heading(std::string_view job, std::string_view text) const;
    /// Hands on the rest of the first item's log.
    Result<void> copy_log(const Sink& sink);
    void add_entry(const store::LogLine& line, std::string& out);
    void finish_line(std::string& out);

    int m_run;
    RunLogOptions m_options;
    store::EventReader m_events;
    std::deque<Item> m_items;
    std::map<CommandId, std::string> m_ends; ///< the line that says how a command ended, for those not shown yet
    std::set<std::string> m_jobs;
    std::string m_end_state;
    bool m_begun = false, m_over = false;

    // The first item's log, once its heading has been printed.
    bool m_in_command = false;
    UniqueFd m_file;
    uint64_t m_offset = 0;
    std::string m_buffer;
    bool m_open_line = false, m_open_is_error = false;
    std::string m_held; ///< the end of an unfinished line, which the next entry may complete
};

} // namespace quire::forge
