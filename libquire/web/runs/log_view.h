// One command's log as a page shows it: found through its index in constant time, and rendered entry by entry.
//
//   StepLog log = TRY(StepLog::open(run, job, number));
//   LogRange range = TRY(log.page(3));                  // or tail(), or the page that holds an entry
//   LogRows rows(number, options);
//   TRY(log.each(range, [&](const LogPosition& at, const store::LogLine& line) { rows.add(at, line); }));
//
// A row is one line of output: an entry together with the later entries of its stream that continue it. It has the
// number of its first entry, and the anchor "L<step>-<entry>", or "L<scope><step>-<entry>" where a page has steps of
// several jobs and each job is a scope.
#pragma once

#include <functional>

#include "base/unique_fd.h"
#include "store/log_line.h"
#include "text/ansi.h"
#include "web/html/html.h"
#include "web/runs/run_story.h"

namespace quire::web {

struct LogPosition {
    uint64_t offset = 0; ///< where in the file an entry begins
    uint64_t entry = 1;  ///< its number
};

struct LogRange {
    LogPosition begin;
    uint64_t end = 0;
};

class StepLog {
public:
    static constexpr uint64_t records_of_a_page = 2; ///< each stands for 64 KiB

    /// `run` is the run's open directory. ErrorKind::not_found: the command has printed nothing yet or does not exist.
    static Result<StepLog> open(int run, std::string_view job, int64_t number);

    uint64_t size() const { return m_size; }
    uint64_t pages() const { return m_records / records_of_a_page + 1; }
    /// Pages are counted from 0.
    Result<LogRange> page(uint64_t number) const;
    Result<uint64_t> page_of_entry(uint64_t entry) const;
    /// The entry that begins at the offset, or else the first one that begins after it.
    Result<LogPosition> locate(uint64_t offset) const;

    using EntrySink = std::function<void(const LogPosition& at, uint64_t end, const store::LogLine& line)>;
    /// Calls `sink` for every complete entry in the range; returns where the next entry begins.
    Result<LogPosition> each(const LogRange& range, const EntrySink& sink) const;
    /// The colours in effect where an entry begins, judged from the 256 KiB before it.
    Result<text::Style> style_at(uint64_t offset) const;

private:
    StepLog(UniqueFd log, UniqueFd index) : m_log(std::move(log)), m_index(std::move(index)) {}
    Result<LogPosition> record(uint64_t number) const;

    UniqueFd m_log, m_index;
    uint64_t m_size = 0, m_records = 0;
};

/// Turns entries into rows. Colours carry over from row to row.
class LogRows {
public:
    LogRows(int64_t step, bool shows_times, std::string scope = "")
        : m_step(step), m_shows_times(shows_times), m_scope(std::move(scope))
    {}

    /// Sets the colours that were in effect before the first row.
    void begin_with(const text::Style& style) { m_screen.set_style(style); }
    void add(const LogPosition& at, uint64_t end, const store::LogLine& line);
    /// Takes the complete rows out.
    Html take();
    /// The position after the last complete row, where a reader goes on.
    LogPosition done() const { return m_done; }
    bool has_partial() const { return m_is_open; }
    /// The row that is not complete yet, as far as it has come.
    Html partial() const;
    /// Nothing more follows, so the last row is complete.
    void finish();

private:
    void render(Html& html) const;
    void end_row();

    int64_t m_step;
    bool m_shows_times;
    std::string m_scope;
    text::AnsiScreen m_screen;
    Html m_rows;
    LogPosition m_done, m_row_begin;
    uint64_t m_row_end = 0, m_last_entry = 0;
    std::string m_at;
    bool m_is_open = false, m_is_error = false;
};

/// A command as a heading has it: of a long one the beginning. command_fold() has all of that below the heading.
std::string command_beginning(std::string_view command);
Html command_fold(std::string_view command);
/// The markup above a step's rows, and below them.
Html step_heading(const StoryJob& job, const StoryStep& step, const Url& link, std::string_view scope = "");
Html step_ending(const StoryStep& step);

} // namespace quire::web
