// JobFiles: what a job leaves behind in the run's directory.
//
//   artifacts/<job>/<path>   what its :artifacts and (artifact …) name
//   reports/<job>/<path>     what its :reports name, redacted
//   jobs/<job>/outputs.json  what it returned, for a rerun that does not run it again
//
// Without a directory nothing is kept, and what would be is said. Everything that is told has passed the redactor.
#pragma once

#include <functional>
#include <map>

#include "ci/keeping/artifacts.h"
#include "ci/language/pipeline.h"
#include "ci/runtime/job_host.h"

namespace quire::ci {

constexpr size_t largest_report = 8u << 20;
constexpr size_t most_reports = 100; ///< of a job
constexpr size_t largest_outputs = 1u << 20;

class JobFiles {
public:
    struct Setup {
        int workspace = -1;
        int out = -1; ///< the run's directory; -1: none
        const Redactor& redactor;
        /// Into the job's log.
        std::function<void(const std::string& job, const std::string& text)> say;
        /// Into the events; the fields are a table.
        std::function<void(std::string_view event, const std::string& job, text::Data fields)> tell;
        ArtifactBudget artifacts;
    };

    explicit JobFiles(Setup setup) : m_setup(std::move(setup)) {}

    /// Yields a sequence of {:path :size :sha256}.
    Result<text::Data> keep_artifacts(const std::string& job, const std::string& pattern);
    /// What another attempt keeps will replace what this one kept.
    void retrying(const std::string& job) { m_taken.erase(job); }
    /// :artifacts and :reports. What can't be kept fails a job that had succeeded.
    void job_ended(const Job& job, JobOutcome& outcome);
    /// Only what redaction leaves as it is, JSON can say, and is no larger than largest_outputs.
    void keep_outputs(const std::string& job, const text::Data& outputs);

private:
    Result<UniqueFd> open_target(const char* kind, const std::string& job) const;
    Result<void> keep_returned(const std::string& job, const text::Data& outputs);
    void tell_artifacts(const std::string& job, const std::string& pattern, const CollectedArtifacts& collected);
    void keep_reports(const Job& job);
    Result<void> keep_report(int target, const std::string& path);
    Result<void> write_outputs(const std::string& job, const std::string& json);

    Setup m_setup;
    std::map<std::string, std::set<std::string>> m_taken; ///< by job, in this attempt
};

} // namespace quire::ci
