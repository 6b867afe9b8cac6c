// container_launch of ci/executors/launch.h, and the removal of containers that nobody watches any more.
#include "ci/executors/containers.h"

#include <algorithm>

#include "base/strings.h"
#include "ci/executors/launch.h"
#include "sys/file.h"

namespace quire::ci {

namespace {

constexpr const char* inside_helper = "/quire-init";

/// Engines need the whole of their user's environment: configuration, sockets, proxies.
sys::Environment engine_environment()
{
    sys::Environment environment = sys::base_environment();
    for (const char* name :
         {"CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "CONTAINER_HOST", "DBUS_SESSION_BUS_ADDRESS", "DOCKER_CONFIG",
          "DOCKER_CONTEXT", "DOCKER_HOST", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "REGISTRY_AUTH_FILE",
          "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "https_proxy", "http_proxy", "no_proxy"})
        if (auto value = sys::process_variable(name))
            sys::set_variable(environment, name, *value);
    if (auto path = sys::process_variable("PATH"))
        sys::set_variable(environment, "PATH", *path + ":/usr/sbin:/sbin");
    return environment;
}

constexpr std::string_view name_prefix = "quire-";
constexpr std::string_view number_mark = "_n"; // no escape: those are hex

/// A name that engines take and that follows from the run: starting twice fails instead of running twice.
std::string container_name(std::string_view run, int number)
{
    std::string name(name_prefix);
    for (char c : run) {
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        name += plain ? std::string(1, c) : fmt::format("_{:02x}", static_cast<unsigned char>(c));
    }
    return number == 0 ? name : fmt::format("{}{}{}", name, number_mark, number);
}

/// The inverse; nullopt for what container_name does not make.
std::optional<std::string> run_of_container(std::string_view name)
{
    if (!strip_prefix(name, name_prefix))
        return std::nullopt;
    name = name.substr(0, name.find(number_mark));
    std::string run;
    while (!name.empty()) {
        bool escaped = name[0] == '_';
        auto byte = escaped ? from_hex(name.substr(1, 2)) : std::string(1, name[0]);
        if (!byte || byte->size() != 1)
            return std::nullopt;
        run += *byte;
        name.remove_prefix(escaped ? 3 : 1);
    }
    return run;
}

Result<std::string> volume(const Mount& mount)
{
    for (const std::string& path : {mount.source, mount.target})
        if (path.find(':') != std::string::npos)
            return fail(ErrorKind::invalid, "{}: a path with a colon can't be given to a container", path);
    return fmt::format("{}:{}{}", mount.source, mount.target, mount.writable ? "" : ":ro");
}

} // namespace

Result<std::string> find_engine(const std::string& wanted)
{
    sys::Environment environment = engine_environment();
    if (!wanted.empty())
        return sys::find_program(wanted, environment);
    for (const char* engine : {"podman", "docker"})
        if (auto found = sys::find_program(engine, environment))
            return found;
    return fail(ErrorKind::not_found, "neither podman nor docker is installed");
}

Result<Launch> container_launch(const Place& place, const Container& container)
{
    std::string engine = TRY(find_engine(container.engine));
    std::string helper = place.helper.empty() ? TRY(find_helper()) : place.helper;
    std::string name = container_name(place.run, container.number);
    if (container.image.empty() || container.image.starts_with('-'))
        return fail(ErrorKind::invalid, "not an image: '{}'", container.image);
    // --log-driver none: what passes through is in our log already, and not to be copied to the engine's.
    Launch launch{.argv = {engine, "run", "--interactive", "--rm", "--name", name, "--label",
                           fmt::format("{}={}", container_label, place.run), "--log-driver", "none", "--entrypoint",
                           inside_helper, "--workdir", inside_workspace, "--stop-timeout", "0"},
                  .environment = engine_environment(),
                  .command_environment = place.environment,
                  .directory = inside_workspace,
                  .run = place.run,
                  .cleanup = {engine, "rm", "--force", name}};
    if (place.network == Network::off)
        launch.argv.insert(launch.argv.end(), {"--network", "none"});
    if (container.is_local)
        launch.argv.insert(launch.argv.end(), {"--pull", "never"});
    std::vector<Mount> mounts = place.mounts;
    mounts.insert(mounts.begin(), {{helper, inside_helper, false}, {place.workspace, inside_workspace, true}});
    for (const Mount& mount : mounts)
        launch.argv.insert(launch.argv.end(), {"--volume", TRY(volume(mount))});
    launch.argv.push_back(container.image);
    return launch;
}

Result<Launch> engine_launch(const Place& place)
{
    Launch launch = TRY(host_launch(place));
    launch.argv.back() = "--guard";
    launch.environment = launch.command_environment = engine_environment();
    return launch;
}

Result<std::vector<std::string>> list_containers(const std::string& engine)
{
    // By name: what engines print of labels differs too much.
    sys::Command command{
        .argv = {engine, "ps", "--all", "--filter", fmt::format("label={}", container_label), "--format", "{{.Names}}"},
        .environment = engine_environment()};
    std::string text = TRY(sys::run_ok(command));
    std::vector<std::string> runs;
    for (std::string_view line : split(trim(text), '\n'))
        if (auto run = run_of_container(trim(line)))
            runs.push_back(std::move(*run));
    std::sort(runs.begin(), runs.end());
    runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
    return runs;
}

Result<void> remove_containers(const std::string& engine, const std::string& run)
{
    sys::Command list{
        .argv = {engine, "ps", "--all", "--quiet", "--filter", fmt::format("label={}={}", container_label, run)},
        .environment = engine_environment()};
    std::string text = TRY(sys::run_ok(list));
    sys::Command remove{.argv = {engine, "rm", "--force"}, .environment = engine_environment()};
    for (std::string_view line : split(trim(text), '\n'))
        if (!trim(line).empty())
            remove.argv.emplace_back(trim(line));
    if (remove.argv.size() > 3)
        TRY(sys::run_ok(remove));
    return {};
}

} // namespace quire::ci
