// RunStory: what a run's events.jsonl says, put together: its jobs, their steps, and the files they left.
//
// StoryReader continues where it stopped, so a page that follows a run reads every line once. quire-ci writes the
// events, but their content comes from a pipeline: everything is limited, unknown events are skipped, and a torn last
// line is left for the next time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/run_record.h"

namespace quire::web {

struct StoryStep {
    int64_t number = 0;
    std::string command;
    Instant begun = 0;
    std::optional<int64_t> exit; ///< none: it has not ended
    double seconds = 0;
    double cpu = 0;      ///< seconds of processor time; 0: unknown
    uint64_t memory = 0; ///< bytes at its peak; 0: unknown
    std::string reason;
};

struct StoryFile {
    std::string path;
    uint64_t size = 0;
    std::string sha256;
    std::string note; ///< why it was left out; for a report, its kind
};

struct StoryJob {
    std::string id;
    std::vector<std::string> inputs; ///< jobs and sources
    bool allow_failure = false;
    bool reused = false;
    bool wants_approval = false;   ///< it waits for somebody
    std::string approval;          ///< "approved by ada at 12:34"; empty: nobody decided
    std::string state = "waiting"; ///< then "running", then what job-ended says
    std::string reason;
    Instant begun = 0;
    double seconds = 0;
    double cpu = 0;
    uint64_t memory = 0;
    int64_t attempt = 1;
    std::vector<StoryStep> steps;
    std::vector<StoryFile> artifacts, left_out, reports;

    /// It stops what waits for it, and the run is red.
    bool is_red() const { return state == "failed" && !allow_failure; }
    bool has_ended() const { return state != "waiting" && state != "running"; }
};

struct StoryError {
    std::string file, message, source, hint;
    int64_t line = 0, column = 0;
};

struct RunStory {
    std::vector<StoryJob> jobs;
    std::vector<StoryError> errors;
    std::string end_state; ///< empty: it has not ended

    const StoryJob* find(std::string_view id) const;
};

class StoryReader {
public:
    /// `run` is the run's directory, which must stay open as long as the object lives.
    explicit StoryReader(int run) : m_run(run) {}
    /// Reads what was written since, at most `limit` bytes. Returns false if there was nothing.
    Result<bool> advance(RunStory& story, size_t limit = 32u << 20);

private:
    int m_run;
    UniqueFd m_file;
    uint64_t m_offset = 0;
    std::string m_rest;
};

/// Reads all events that there are now; the story is empty if there are none.
Result<RunStory> read_story(int run);

} // namespace quire::web
