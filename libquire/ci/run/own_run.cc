#include "ci/run/own_run.h"

#include <fcntl.h>

#include "base/log.h"
#include "base/sha256.h"
#include "base/strings.h"
#include "base/time.h"
#include "ci/language/graph.h"
#include "ci/language/registered_sources.h"
#include "ci/run/push_facts.h"
#include "store/parameters.h"
#include "store/root.h"
#include "sys/file.h"
#include "sys/process.h"

namespace quire::ci {

using text::Data;

Result<OwnWorkspace> own_workspace(const RunOptions& options)
{
    OwnWorkspace workspace{.copy = nullptr, .path = options.checkout};
    if (options.in_place)
        return workspace;
    auto copy = TRY(CheckoutCopy::make(options.checkout));
    std::string shown = TRY(sys::real_path(options.checkout));
    if (!copy) {
        log("{} is no working tree of git, so the run works in it, not in a copy", shown);
        return workspace;
    }
    workspace.copy = std::make_unique<CheckoutCopy>(std::move(*copy));
    workspace.path = workspace.copy->path();
    size_t changes = workspace.copy->changes();
    log("running in a copy of {}{}; --in-place runs there", shown,
        changes == 0   ? ""
        : changes == 1 ? " with its uncommitted change"
                       : fmt::format(" with its {} uncommitted changes", changes));
    return workspace;
}

/// The cache for a run that a person starts: beside the compiled pipelines, if those are kept.
static Result<std::string> own_cache(const RunOptions& options)
{
    constexpr size_t enough = 32; // hex digits, enough to tell checkouts apart
    const std::string& directory = options.program.cache_directory;
    if (directory.empty())
        return std::string();
    return fmt::format("{}/checkouts/{}", directory,
                       sha256_hex(TRY(sys::real_path(options.checkout))).substr(0, enough));
}

static std::string ask_git(const std::string& checkout, std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), {"git", "-C", checkout});
    auto answer = sys::run_ok({.argv = std::move(arguments)});
    return answer ? std::string(trim(*answer)) : std::string();
}

/// The repository's name as on a forge: the last part of the URL it was cloned from, else the directory's name.
static Result<std::string> own_name(const std::string& checkout)
{
    std::string where = ask_git(checkout, {"remote", "get-url", "origin"});
    if (where.empty())
        where = TRY(sys::real_path(checkout));
    std::string_view name = where;
    while (strip_suffix(name, "/"))
        continue;
    strip_suffix(name, ".git");
    return std::string(name.substr(name.find_last_of("/:") + 1));
}

static std::vector<std::string> source_names(const store::RepositorySources& sources)
{
    std::vector<std::string> names;
    for (const store::CronSource& cron : sources.cron)
        names.push_back(cron.name);
    for (const store::ManualSource& manual : sources.manual)
        names.push_back(manual.name);
    return names;
}

static Result<Data> parameters_for(const store::RepositorySources& sources, const RunOptions& options)
{
    if (const store::ManualSource* manual = sources.find_manual(options.source))
        return store::fill_parameters(*manual, options.parameters);
    for (const store::CronSource& cron : sources.cron)
        if (cron.name == options.source) {
            if (!options.parameters.empty())
                return fail(ErrorKind::usage, "cron source '{}' takes no parameters", cron.name);
            return Data(Data::Table{});
        }
    std::vector<std::string> names = source_names(sources);
    auto close = nearest(options.source, names);
    return fail(ErrorKind::usage, "--source: the pipeline registers no source '{}'; {}", visible(options.source),
                close           ? fmt::format("did you mean '{}'?", *close)
                : names.empty() ? "a push is all that fires it"
                                : "there are " + join(names, ", "));
}

Result<Handoff> own_handoff(const RunOptions& options, const Pipeline& pipeline)
{
    Handoff handoff;
    handoff.cache = TRY(own_cache(options));
    handoff.git_dir = ask_git(options.checkout, {"rev-parse", "--path-format=absolute", "--git-common-dir"});
    handoff.environment.emplace("QUIRE_REPO", TRY(own_name(options.checkout)));
    handoff.environment.emplace("QUIRE_RUN", "0");
    Data push = placeholder_push(options.checkout);
    if (options.source.empty() || options.source == push_source) {
        if (!options.parameters.empty())
            return fail(ErrorKind::usage, "a push takes no parameters such as {}=…; say which --source does",
                        options.parameters.begin()->first);
        handoff.facts.emplace(push_source, std::move(push));
        return handoff;
    }
    Data facts{Data::Table{}};
    for (const auto& [key, value] : *push.table())
        if (key != "previous-sha" && key != "files-changed")
            facts.set(key, value);
    facts.set("parameters", TRY(parameters_for(sources_of(pipeline), options)));
    facts.set("name", options.source);
    facts.set("at", format_instant(now()));
    handoff.source = options.source;
    handoff.facts.emplace(options.source, std::move(facts));
    return handoff;
}

void add_variables(Handoff& handoff)
{
    handoff.environment.emplace("CI", "true");
    auto facts = handoff.facts.find(handoff.source);
    if (facts == handoff.facts.end())
        return;
    for (const auto& [fact, variable] : {std::pair("sha", "QUIRE_SHA"), std::pair("ref", "QUIRE_REF")})
        if (std::string value = facts->second.string_or(fact, ""); !value.empty())
            handoff.environment.emplace(variable, value);
}

/// The other options that fire the job, or any job if `job` is empty, as one would type them.
static std::vector<std::string> ways_to_fire(const Pipeline& pipeline, const std::string& job)
{
    std::vector<std::string> names = source_names(sources_of(pipeline)), ways;
    names.insert(names.begin(), push_source);
    for (const std::string& name : names) {
        std::set<std::string> fired = fired_by(pipeline, name);
        if (job.empty() ? !fired.empty() : fired.contains(job))
            ways.push_back("--source " + name);
    }
    return ways;
}

Result<void> check_jobs(const Pipeline& pipeline, const std::string& source, const std::string& job)
{
    std::set<std::string> fired = fired_by(pipeline, source);
    if (job.empty() ? !fired.empty() : fired.contains(job))
        return {};
    std::vector<std::string> ids;
    for (const Job& known : pipeline.jobs)
        ids.push_back(known.id);
    if (!job.empty() && !pipeline.find(job)) {
        auto close = nearest(job, ids);
        return fail(ErrorKind::usage, "--job: there is no job '{}'{}", job,
                    close ? fmt::format("; did you mean '{}'?", *close) : "");
    }
    std::string what = source == push_source ? "a push" : fmt::format("source '{}'", source);
    std::vector<std::string> ways = ways_to_fire(pipeline, job);
    if (ways.empty())
        return fail(ErrorKind::refused, "the pipeline has no jobs, so nothing is run");
    return fail(job.empty() ? ErrorKind::refused : ErrorKind::usage, "{} fires {}; {} would", what,
                job.empty() ? "no job, so nothing is run" : fmt::format("no job '{}'", job), join(ways, " or "));
}

std::vector<std::string> unfired_jobs(const Pipeline& pipeline, const std::string& source)
{
    std::set<std::string> fired = fired_by(pipeline, source);
    std::vector<std::string> unfired;
    for (const Job& job : pipeline.jobs)
        if (!fired.contains(job.id))
            unfired.push_back(fmt::format("{} ({})", job.id, join(ways_to_fire(pipeline, job.id), " or ")));
    return unfired;
}

Result<UniqueFd> open_out_directory(const std::string& path)
{
    /// This file, or the events, shows that the directories for jobs and so on belong to a run and may be removed.
    constexpr const char* mark = ".quire-ci";
    constexpr const char* made[] = {store::paths::run_jobs, store::paths::run_artifacts, store::paths::run_reports,
                                    store::paths::run_events};
    UniqueFd out = TRY(sys::open_directory(AT_FDCWD, path));
    bool ours = sys::exists(out.get(), mark) || sys::exists(out.get(), store::paths::run_events);
    for (const char* name : made) {
        if (!sys::exists(out.get(), name))
            continue;
        if (!ours)
            return fail(ErrorKind::exists,
                        "--out-dir: {}/{} is there already, and not known to be of a run; remove it, or name another "
                        "directory",
                        path, name);
        TRY(sys::remove_tree(out.get(), name));
    }
    TRY(sys::open_at(out.get(), mark, O_WRONLY | O_CREAT, 0644));
    return out;
}

} // namespace quire::ci
