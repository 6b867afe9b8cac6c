// Makes the executors of a whole run from its options and its handoff, and logs the building of an image.
#pragma once

#include "ci/run/run.h"
#include "ci/run/run_host.h"
#include "ci/run/scheduler.h"

namespace quire::ci {

struct PreparedPool {
    std::unique_ptr<ExecutorPool> executors;
    sys::Environment environment; ///< for commands on the host; (env …) reads it
};

/// Fails if the machine lacks what the pipeline needs. The loop and the program must outlive the result.
Result<PreparedPool> prepare_executors(const RunOptions& options, const Handoff& handoff, const Program& program,
                                       const std::string& workspace, int checkout, sys::Loop& loop,
                                       std::optional<StartedHelper> early = {});

/// Starts a helper for the host, so that it gets ready beside the reading of the pipeline, if this is a run of the
/// forge and the pipeline's text speaks of no other place. REQUIRES: the hand-off, which has secrets, has not been
/// read.
std::optional<StartedHelper> start_helper_early(const RunOptions& options, const SourceTree& tree);

/// Builds through the run's host, so that logs, events, redaction and the end of the run work as for any command. In
/// the events it appears as a job of its own, image_job.
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
