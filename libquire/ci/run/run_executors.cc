#include "ci/run/run_executors.h"

#include "base/strings.h"
#include "ci/executors/containers.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::ci {

Result<PreparedPool> prepare_executors(const RunOptions& options, const Handoff& handoff, const Program& program,
                                       const std::string& workspace, int checkout, sys::Loop& loop)
{
    bool on_forge = !options.dispatch.empty();
    // A run started by a person has that person's environment, one by the runner only what the handoff says. A
    // container has its image's.
    sys::Environment environment = on_forge ? sys::base_environment() : sys::inherited_environment();
    sys::Environment in_container;
    for (const auto& [name, value] : handoff.environment) {
        sys::set_variable(environment, name, value);
        sys::set_variable(in_container, name, value);
    }
    std::set<std::string> jobs = jobs_to_run(program.pipeline(), {handoff.source, options.job});
    std::optional<ImageContext> dockerfile;
    if (program.has_dockerfile())
        dockerfile = TRY(read_image_context(checkout));
    Setting setting{.run = handoff.run.empty() ? sys::unique_name("run") : handoff.run,
                    .workspace = TRY(sys::real_path(workspace)),
                    .environment = environment,
                    .is_sealed = options.is_sealed};
    ExecutorPool::Setup setup{
        .loop = loop,
        .pipeline = program.pipeline(),
        .jobs = {jobs.begin(), jobs.end()},
        .wanted = options.executor,
        .engine = handoff.engine,
        .setting = std::move(setting),
        .container_environment = std::move(in_container),
        .git_dir = handoff.git_dir,
        .on_forge = on_forge,
        .dockerfile = std::move(dockerfile),
        .scratch = options.out_directory.empty() ? "" : TRY(sys::real_path(options.out_directory)),
        .image_dates = options.program.cache_directory.empty() ? "" : options.program.cache_directory + "/images"};
    return PreparedPool{TRY(ExecutorPool::create(std::move(setup))), std::move(environment)};
}

ImageLog::ImageLog(JobHost& host, ScheduleListener& listener) : m_host(host), m_listener(listener)
{
    m_job.id = image_job;
}

void ImageLog::build_image(std::vector<std::string> argv, std::string shown,
                           std::function<void(std::optional<std::string>)> done)
{
    using State = JobReport::State;
    JobReport report{.job = &m_job, .state = State::running, .attempts = 1};
    m_listener.job_started(report);
    m_host.start_sh(image_job, {.argv = std::move(argv), .shown = std::move(shown)},
                    [this, report, done = std::move(done)](Result<ShResult> result) mutable {
                        std::optional<std::string> failure;
                        if (!result)
                            failure = result.error().message;
                        else if (result->exit != 0)
                            failure = engine_words(result->err);
                        report.state = failure ? State::failed : State::succeeded;
                        report.reason = failure.value_or("");
                        report.duration = result ? result->duration : 0;
                        m_listener.job_ended(report);
                        done(std::move(failure));
                    });
}

} // namespace quire::ci
