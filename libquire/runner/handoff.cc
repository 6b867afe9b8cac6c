#include "runner/handoff.h"

#include "runner/far_run.h"
#include "runner/marker.h"
#include "store/bisect_source.h"
#include "sys/file.h"
#include "sys/self.h"
#include "text/escape.h"
#include "text/json.h"

namespace quire::runner {

namespace paths = store::paths;

/// The outputs of the jobs that succeeded. A job without its file is run again.
static std::map<std::string, text::Data> earlier_outputs(const store::Root& root, const store::RunRecord& record)
{
    std::map<std::string, text::Data> outputs;
    std::string run = paths::run(record.repo, record.reran);
    auto names = sys::list_directory(root.fd(), fmt::format("{}/{}", run, paths::run_jobs));
    if (!names)
        return outputs;
    for (const std::string& name : *names) {
        auto job = text::percent_decode(name);
        if (!job)
            continue;
        std::string path = fmt::format("{}/{}", run, paths::job_outputs(*job));
        auto text = sys::read_file(root.fd(), path, 4u << 20);
        if (!text)
            continue;
        if (auto data = text::read_json(*text, path))
            outputs.emplace(*job, std::move(*data));
    }
    return outputs;
}

Result<ci::Handoff> make_handoff(const store::Root& root, const store::GlobalConfig& config,
                                 const store::RunRecord& record, const Changes& changes)
{
    ci::Handoff handoff;
    store::RunRecord told = TRY(store::as_bisected(root, record));
    handoff.source = source_of(told);
    handoff.git_dir = root.absolute(paths::repository(record.repo));
    handoff.facts.emplace(handoff.source, facts_of(told, changes, handoff.git_dir));
    for (const auto& [name, source] : config.secrets)
        handoff.secrets.emplace(name, store::resolve_secret(root, source));
    handoff.environment = config.env;
    handoff.environment.emplace("QUIRE_REPO", record.repo.str());
    handoff.environment.emplace("QUIRE_RUN", std::to_string(record.number));
    handoff.run = TRY(marker_of(root, record.repo, record.number));
    handoff.cache = root.absolute(paths::repository_cache(record.repo));
    handoff.engine = config.engine;
    handoff.root = root.path();
    handoff.repository = record.repo.str();
    handoff.limits = {.log_bytes = static_cast<uint64_t>(config.limits.log_bytes),
                      .artifact_bytes = static_cast<uint64_t>(config.limits.artifact_bytes),
                      .cache_bytes = static_cast<uint64_t>(config.limits.cache_bytes)};
    handoff.only = record.only_job;
    handoff.from = record.from_job;
    handoff.debug = record.debug;
    handoff.boot = sys::boot_id().value_or("");
    bool takes_over = record.only_failed || !record.only_job.empty() || !record.from_job.empty();
    if (takes_over && record.reran != 0) {
        handoff.outputs = earlier_outputs(root, record);
        handoff.earlier = root.absolute(paths::run(record.repo, record.reran));
    }
    return handoff;
}

bool has_not_begun(int run)
{
    auto launch = read_launch(run);
    if (!launch || *launch || far_state(run) != FarState::not_begun)
        return false;
    auto text = sys::read_file(run, paths::run_dispatch, ci::most_handoff_bytes);
    auto handoff = text ? text::read_json(*text, paths::run_dispatch) : Unexpected(std::move(text).error());
    auto boot = sys::boot_id();
    return handoff && boot && handoff->string_or("boot", "") == *boot;
}

} // namespace quire::runner
