// LogWriter writes the output of one command to a log file and its index; quire-run(5) describes both formats.
//
//   <name>.log   2026-11-21T11:34:37.123456789Z stdout F text     one entry a line; P: the line goes on in the
//                                                                 stream's next entry. No byte is added, lost or
//                                                                 changed
//   <name>.idx   000000000065541 000000000001236                  for every 64 KiB: where an entry begins, and its
//                                                                 number; there is none as long as the log is shorter
//
// Text is buffered until flush(). An unfinished line is held back until it ends, grows too long for one entry, or
// show_partial() is called. The logs of a run share a LogBudget, and each job has a reserve besides. What exceeds both
// is dropped, and the log's last line says so. A failed write (disk full) ends the log, and error() tells. A reader
// meanwhile sees whole entries, except perhaps the last.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "ci/executors/command.h"

namespace quire::ci {

/// How many bytes logs may still use.
class LogBudget {
public:
    explicit LogBudget(uint64_t bytes = 512u << 20) : m_limit(bytes), m_left(bytes) {}
    /// A reserve of `bytes` for some of a run's logs, for when the run's own budget is used up. `run` must outlive it.
    LogBudget(LogBudget& run, uint64_t bytes) : m_run(&run), m_limit(run.m_limit), m_left(bytes) {}

    /// Half of the bytes go to the jobs that come first; the other half is divided among all jobs.
    static LogBudget of_run(uint64_t bytes);
    LogBudget of_job(size_t jobs) { return {*this, m_limit / 2 / std::max<size_t>(jobs, 1)}; }

    bool take(uint64_t bytes);
    uint64_t limit() const { return m_limit; }

private:
    LogBudget* m_run = nullptr;
    uint64_t m_limit, m_left;
};

class LogWriter {
public:
    static constexpr size_t longest_text = 16u << 10; ///< per entry
    static constexpr size_t index_step = 64u << 10;

    /// Creates the log in `directory`. It is an error if the name is taken.
    static Result<LogWriter> create(int directory, const std::string& name, LogBudget& budget);

    void write(Stream stream, std::string_view bytes, Instant at);
    /// Writes the text as a line of its own, after any unfinished line of the stream.
    void note(std::string_view text, Instant at);
    /// Writes complete entries to the file, where readers see them.
    void flush();
    bool has_partial() const { return !m_partial[0].empty() || !m_partial[1].empty(); }
    /// Writes unfinished lines as far as they have come.
    void show_partial(Instant at);
    /// Writes everything that is left, including unfinished lines. Nothing may be written afterwards.
    void finish(Instant at);

    const std::optional<Error>& error() const { return m_error; }
    uint64_t entries() const { return m_entries; }

private:
    LogWriter(UniqueFd directory, std::string name, UniqueFd log, LogBudget& budget);
    void open_index();
    void append_line(size_t stream, std::string_view text, Instant at);
    void append_entry(size_t stream, char tag, std::string_view text, Instant at);
    void append_unchecked(size_t stream, char tag, std::string_view text, Instant at);
    void stop_at_limit(Instant at);
    void write_out(const UniqueFd& fd, std::string& buffer);

    UniqueFd m_directory;
    std::string m_name;
    UniqueFd m_log, m_index;
    LogBudget* m_budget;
    std::string m_buffer, m_index_buffer;
    std::string m_partial[2];
    bool m_open_line[2] = {false, false}; ///< whether the stream's last entry was a P
    uint64_t m_size = 0, m_entries = 0, m_next_mark = index_step;
    Instant m_stamp_of = -1;
    std::string m_stamp;
    bool m_full = false;
    std::optional<Error> m_error;
};

} // namespace quire::ci
