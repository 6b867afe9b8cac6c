// Progress shows a run on stderr: a line for each job that begins or ends and the last lines of commands that failed.
// On a terminal it also shows, below that, what is running and for how long.
//
// Uses colours only on a terminal and without NO_COLOR. All text is made safe for a terminal first.
#pragma once

#include <deque>
#include <map>

#include "ci/run/run_host.h"
#include "ci/run/scheduler.h"

namespace quire::ci {

class Progress {
public:
    Progress();

    void job_started(const JobReport& report);
    void job_ended(const JobReport& report);
    void output(const std::string& job, int command, std::string_view bytes);
    /// Shows the rest of the command's last line.
    void command_ended(const std::string& job, int command);
    void line(const std::string& job, std::string_view text);
    /// If set, shows all output as it arrives, with the job's name in front, not only the last lines of failures.
    void set_verbose(bool verbose) { m_verbose = verbose; }
    /// Whether tick() shows anything. If so, call it a few times a second.
    bool is_live() const { return m_live; }
    void tick();
    void run_ended(const std::vector<JobReport>& reports, const std::string& failure, int64_t duration);
    /// Names the jobs that were not part of the run, and the sources that would fire them.
    void not_fired(const std::string& source, const std::vector<std::string>& jobs);

private:
    static constexpr size_t tail_lines = 20;
    static constexpr size_t longest_line = 2000;
    struct Tail {
        std::deque<std::string> lines;
        std::string partial;
    };

    void print(std::string_view text);
    std::string paint(const char* color, std::string_view text) const;
    void push(Tail& tail, std::string line);
    std::string status() const;
    void stream(const std::string& job, int command, std::string_view bytes);
    void print_output(const std::string& job, std::string_view line);

    bool m_colors, m_live;
    bool m_verbose = false;
    bool m_status_shown = false;
    size_t m_frame = 0;
    std::vector<std::pair<std::string, int64_t>> m_running; ///< each job with its start, by the monotonic clock
    std::map<std::string, Tail> m_tails;
    std::map<std::pair<std::string, int>, std::string> m_partials; ///< a command's unfinished line, if verbose
};

} // namespace quire::ci
