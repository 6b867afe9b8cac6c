// The executors of a whole run, from its options and its handoff; and what is told of an image that is built.
#pragma once

#include "ci/run/run.h"
#include "ci/run/run_host.h"
#include "ci/run/scheduler.h"

namespace quire::ci {

struct PreparedPool {
    std::unique_ptr<ExecutorPool> executors;
    sys::Environment environment; ///< of commands on the host; what (env …) reads
};

/// An error says what the pipeline needs and this machine lacks. Loop and program outlive what is made.
Result<PreparedPool> prepare_executors(const RunOptions& options, const Handoff& handoff, const Program& program,
                                       const std::string& workspace, int checkout, sys::Loop& loop);

/// Builds by way of the host, so that logs, events, redaction and the run's end are those of any command; for readers
/// of the events it is a job of its own, image_job.
class ImageLog final : public ImageBuilder {
public:
    ImageLog(JobHost& host, ScheduleListener& listener);
    void build_image(std::vector<std::string> argv, std::string shown,
                     std::function<void(std::optional<std::string>)> done) override;

private:
    JobHost& m_host;
    ScheduleListener& m_listener;
    Job m_job;
};

} // namespace quire::ci
