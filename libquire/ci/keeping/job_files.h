// JobFiles keeps what a job leaves behind, in the run's directory.
//
//   artifacts/<job>/<path>   what its :artifacts and (artifact …) name
//   reports/<job>/<path>     what its :reports name, redacted
//   jobs/<job>/outputs.json  what it returned, for a rerun that does not run it again
//
// Without a run directory nothing is kept; it only says what would be. All text has passed the redactor.
#pragma once

#include <functional>
#include <map>

#include "ci/keeping/artifacts.h"
#include "ci/language/pipeline.h"
#include "ci/runtime/job_host.h"

namespace quire::ci {

constexpr size_t largest_report = 8u << 20;
constexpr size_t most_reports = 100; ///< per job
constexpr size_t largest_outputs = 1u << 20;

class JobFiles {
public:
    struct Setup {
        int workspace = -1;
        int out = -1; ///< the run's directory; -1: there is none
        const Redactor& redactor;
        /// Writes a text into the job's log.
        std::function<void(const std::string& job, const std::string& text)> say;
        /// Writes an event; the fields are a table.
        std::function<void(std::string_view event, const std::string& job, text::Data fields)> tell;
        ArtifactBudget artifacts;
    };

    explicit JobFiles(Setup setup) : m_setup(std::move(setup)) {}

    /// Returns a sequence of {:path :size :sha256}.
    Result<text::Data> keep_artifacts(const std::string& job, const std::string& pattern);
    /// Lets the next attempt replace what this attempt kept.
    void retrying(const std::string& job) { m_taken.erase(job); }
    /// Keeps :artifacts and :reports. If that fails, a job that had succeeded fails.
    void job_ended(const Job& job, JobOutcome& outcome);
    /// Takes over what the job kept in an earlier run, whose directory is open, and puts it into the workspace, where a
    /// job behind it may look for it.
    Result<void> take_over(const std::string& job, int earlier);
    /// Keeps the outputs if redaction does not change them, JSON can express them, and they fit in largest_outputs.
    void keep_outputs(const std::string& job, const text::Data& outputs);

private:
    Result<UniqueFd> open_target(const char* kind, const std::string& job) const;
    Result<void> keep_returned(const std::string& job, const text::Data& outputs);
    void tell_artifacts(const std::string& job, const std::string& pattern, const CollectedArtifacts& collected);
    void keep_reports(const Job& job);
    Result<void> keep_report(int target, const std::string& path);
    Result<void> write_outputs(const std::string& job, const std::string& json);

    Setup m_setup;
    std::map<std::string, std::set<std::string>> m_taken; ///< by job, in the present attempt
};

} // namespace quire::ci
