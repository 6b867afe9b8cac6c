// Progress: what a person sees of a run on stderr. One line per job that begins or ends, the last lines of what failed;
// on a terminal, below them, what is running and for how long.
//
// Colours only on a terminal and without NO_COLOR. Everything is made safe for a terminal first.
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
    /// What is left of its last line.
    void command_ended(const std::string& job, int command);
    void line(const std::string& job, std::string_view text);
    /// Every line of output as it comes, with its job before it, in place of the last ones of what failed.
    void set_verbose(bool verbose) { m_verbose = verbose; }
    /// Whether tick() shows anything: call it some times a second then.
    bool is_live() const { return m_live; }
    void tick();
    void run_ended(const std::vector<JobReport>& reports, const std::string& failure, int64_t duration);
    /// Jobs that were no part of the run, and what would have fired them.
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
    std::vector<std::pair<std::string, int64_t>> m_running; ///< jobs and when they began, by the monotonic clock
    std::map<std::string, Tail> m_tails;
    std::map<std::pair<std::string, int>, std::string> m_partials; ///< of commands, while verbose
};

} // namespace quire::ci
