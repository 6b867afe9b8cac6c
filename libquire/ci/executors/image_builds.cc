#include "ci/executors/image_builds.h"

#include <sys/stat.h>

#include "base/strings.h"
#include "base/time.h"
#include "ci/executors/containers.h"
#include "ci/executors/survivors.h"
#include "sys/file.h"
#include "sys/process.h"
#include "text/json.h"

namespace quire::ci {

namespace {

constexpr std::string_view mark_begin = "id=";
constexpr std::string_view mark_end = ",src=/dev/null";

struct WorkingContainer {
    std::string id;
    std::string run;
    Instant begun = 0;
};

/// The run whose mark is among a build's secrets.
std::optional<std::string> run_of(const text::Data& build)
{
    const text::Data* options = build.find("CommonBuildOpts");
    const text::Data* secrets = options ? options->find("Secrets") : nullptr;
    if (!secrets || !secrets->sequence())
        return std::nullopt;
    for (const text::Data& secret : *secrets->sequence()) {
        std::string_view words = secret.string() ? std::string_view(*secret.string()) : std::string_view();
        if (strip_prefix(words, mark_begin) && strip_suffix(words, mark_end))
            if (auto run = run_of_container(words))
                return run;
    }
    return std::nullopt;
}

/// Podman's working containers are called after their image: alpine-working-container-3.
Result<std::vector<std::string>> list_working(const std::string& engine)
{
    std::string text =
        TRY(sys::run_ok({.argv = {engine, "ps", "--all", "--external", "--no-trunc", "--format", "{{.ID}} {{.Names}}"},
                         .environment = engine_environment()}));
    std::vector<std::string> ids;
    for (std::string_view line : split(text, '\n')) {
        std::string_view id = take_until(line, ' ');
        if (line.find("working-container") != std::string_view::npos && from_hex(id))
            ids.emplace_back(id);
    }
    return ids;
}

/// Those of quire's builds. What is not on this machine, or is not to be read, is none.
Result<std::vector<WorkingContainer>> list_builds(const std::string& engine)
{
    std::vector<WorkingContainer> found;
    if (!is_podman(engine))
        return found;
    std::vector<std::string> ids = TRY(list_working(engine));
    if (ids.empty())
        return found;
    std::string place = TRY(
        sys::run_ok({.argv = {engine, "info", "--format", "{{.Store.GraphRoot}}/{{.Store.GraphDriverName}}-containers"},
                     .environment = engine_environment()}));
    for (std::string& id : ids) {
        constexpr size_t enough = 8u << 20;
        std::string path = fmt::format("{}/{}/userdata/buildah.json", trim(place), id);
        auto content = sys::read_file(AT_FDCWD, path, enough);
        auto status = sys::stat_at(AT_FDCWD, path);
        if (!content || !status || !*status)
            continue;
        auto build = text::read_json(*content, path);
        if (auto run = build ? run_of(*build) : std::nullopt)
            found.push_back({std::move(id), std::move(*run), (*status)->st_mtim.tv_sec * nanoseconds_per_second});
    }
    return found;
}

} // namespace

std::vector<std::string> build_mark(const std::string& run)
{
    return {"--secret", fmt::format("{}{}{}", mark_begin, container_name(run, 0), mark_end)};
}

Result<void> remove_builds(const std::string& engine, const std::string& run)
{
    constexpr int64_t day = 24 * 3600 * nanoseconds_per_second;
    sys::Command remove{.argv = {engine, "rm", "--force"}, .environment = engine_environment()};
    size_t words = remove.argv.size();
    for (WorkingContainer& build : TRY(list_builds(engine)))
        if (build.run == run || (now() - build.begun > day && !has_survivors(build.run)))
            remove.argv.push_back(std::move(build.id));
    if (remove.argv.size() > words)
        TRY(sys::run_ok(remove));
    return {};
}

} // namespace quire::ci
