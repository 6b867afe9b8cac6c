#include "ci/run/run_executors.h"

#include <algorithm>

#include "base/strings.h"
#include "ci/executors/containers.h"
#include "sys/atomic_file.h"
#include "sys/file.h"

namespace quire::ci {

/// A run started by a person has that person's environment, one by the runner only what the handoff says.
static sys::Environment host_environment(const RunOptions& options, const Handoff& handoff)
{
    sys::Environment environment = options.dispatch.empty() ? sys::inherited_environment() : sys::base_environment();
    for (const auto& [name, value] : handoff.environment)
        sys::set_variable(environment, name, value);
    return environment;
}

/// Whether the pipeline's text speaks of a place other than the host. It may do so in vain.
static bool speaks_of_places(const SourceTree& tree)
{
    return tree.has_dockerfile || std::any_of(tree.files.begin(), tree.files.end(), [](const auto& file) {
               return file.second.find("image") != std::string::npos ||
                      file.second.find("sandbox") != std::string::npos;
           });
}

std::optional<StartedHelper> start_helper_early(const RunOptions& options, const SourceTree& tree)
{
    bool is_likely = options.executor == "host" || (options.executor == "auto" && !speaks_of_places(tree));
    if (options.dispatch.empty() || !is_likely)
        return std::nullopt;
    auto started = StartedHelper::copy_of_us();
    if (!started) // another will be started
        return std::nullopt;
    return *std::move(started);
}

Result<PreparedPool> prepare_executors(const RunOptions& options, const Handoff& handoff, const Program& program,
                                       const std::string& workspace, int checkout, sys::Loop& loop,
                                       std::optional<StartedHelper> early)
{
    bool on_forge = !options.dispatch.empty();
    sys::Environment environment = host_environment(options, handoff);
    sys::Environment in_container; // on top of its image's
    for (const auto& [name, value] : handoff.environment)
        sys::set_variable(in_container, name, value);
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
        .image_dates = options.program.cache_directory.empty() ? "" : options.program.cache_directory + "/images",
        .early = std::move(early)};
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
