// container_confinement of ci/executors/confinement.h, and the functions of ci/executors/containers.h.
#include "ci/executors/containers.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/strings.h"
#include "ci/executors/confinement.h"
#include "ci/executors/control_groups.h"
#include "ci/executors/image_builds.h"
#include "init/fence.h"
#include "init/network.h"
#include "init/room.h"
#include "sys/file.h"
#include "sys/self.h"

namespace quire::ci {

namespace {

constexpr const char* inside_helper = "/quire-init";

constexpr const char* of_engines[] = {"CONTAINERS_CONF",
                                      "CONTAINERS_CONF_OVERRIDE",
                                      "CONTAINERS_REGISTRIES_CONF",
                                      "CONTAINERS_STORAGE_CONF",
                                      "CONTAINER_HOST",
                                      "CONTAINER_SSHKEY",
                                      "DBUS_SESSION_BUS_ADDRESS",
                                      "REGISTRY_AUTH_FILE",
                                      "STORAGE_DRIVER",
                                      "DOCKER_API_VERSION",
                                      "DOCKER_BUILDKIT",
                                      "DOCKER_CERT_PATH",
                                      "DOCKER_CONFIG",
                                      "DOCKER_CONTEXT",
                                      "DOCKER_HOST",
                                      "DOCKER_TLS_VERIFY",
                                      "BUILDAH_ISOLATION",
                                      "XDG_CONFIG_HOME",
                                      "XDG_DATA_HOME",
                                      "XDG_RUNTIME_DIR",
                                      "TMPDIR",
                                      "SSL_CERT_FILE",
                                      "SSL_CERT_DIR",
                                      "HTTP_PROXY",
                                      "HTTPS_PROXY",
                                      "ALL_PROXY",
                                      "NO_PROXY",
                                      "http_proxy",
                                      "https_proxy",
                                      "all_proxy",
                                      "no_proxy"};

constexpr std::string_view name_prefix = "quire-";
constexpr std::string_view number_mark = "_n"; // not mistaken for an escape: those are hex

/// Puts before a podman command what makes a namespace, and into it, at `at`, the options that name the namespace.
/// Without root, podman's own user namespace must own it.
Result<void> give_namespace(std::vector<std::string>& argv, size_t at, const std::string& helper)
{
    std::string engine = argv[0];
    std::vector<std::string> options = {"--network", fmt::format("ns:{}", init::namespace_mark)};
    for (const std::string& server : init::name_servers_of(init::inside_resolv_conf(init::read_resolv_conf())))
        options.insert(options.end(), {"--dns", server});
    argv.insert(argv.begin() + static_cast<ptrdiff_t>(at), options.begin(), options.end());
    argv.insert(argv.begin(), {helper, "--network-named", TRY(find_translator())});
    if (sys::user_id() != 0)
        argv.insert(argv.begin(), {engine, "unshare"});
    return {};
}

/// The container that joins the engine's network and holds the fence. The job's container shares its network.
std::vector<std::string> fence_container(const std::string& engine, const std::string& name, const std::string& helper,
                                         const Setting& setting, const Container& container)
{
    std::vector<std::string> argv = {engine,
                                     "run",
                                     "--interactive",
                                     "--rm",
                                     "--name",
                                     name,
                                     "--label",
                                     fmt::format("{}={}", container_label, setting.run),
                                     "--log-driver",
                                     "none",
                                     "--user",
                                     "0:0",
                                     "--cap-drop",
                                     "ALL",
                                     "--cap-add",
                                     "NET_ADMIN",
                                     "--security-opt",
                                     "no-new-privileges",
                                     "--read-only",
                                     "--stop-timeout",
                                     "0",
                                     "--entrypoint",
                                     inside_helper,
                                     "--volume",
                                     fmt::format("{}:{}:ro", helper, inside_helper)};
    if (container.is_local)
        argv.insert(argv.end(), {"--pull", "never"});
    argv.insert(argv.end(), {container.image, "--fence"});
    return argv;
}

/// What package managers, test suites and servers on low ports need. NET_ADMIN and NET_RAW are not among it: a job can
/// neither remove nor avoid the fence.
constexpr const char* kept_capabilities[] = {"CHOWN",  "DAC_OVERRIDE", "FOWNER",  "FSETID",          "KILL",
                                             "SETGID", "SETUID",       "SETFCAP", "NET_BIND_SERVICE"};

/// Says it once in a run, and only if a job has limits: else nothing that was asked for is missing.
void tell_who_limits(const Setting& setting)
{
    static bool is_told = false;
    if (setting.limits == JobLimits() || std::exchange(is_told, true))
        return;
    log("podman may not make a control group here: quire-init alone keeps containers within their :limits");
}

void add_limits(std::vector<std::string>& argv, const Setting& setting)
{
    const JobLimits& limits = setting.limits;
    if (is_podman(argv[0]) && sys::user_id() != 0 && !user_may_make_groups(engine_environment())) {
        tell_who_limits(setting);
        return;
    }
    argv.insert(argv.end(), {"--pids-limit", std::to_string(init::processes_to_enforce(limits.processes))});
    if (limits.memory != 0)
        argv.insert(argv.end(),
                    {"--memory", std::to_string(limits.memory), "--memory-swap", std::to_string(limits.memory)});
    if (limits.cpus != 0)
        argv.insert(argv.end(), {"--cpus", fmt::format("{:g}", limits.cpus)});
}

/// Capabilities, limits, and what can be written to.
void add_confines(std::vector<std::string>& argv, const Setting& setting)
{
    argv.insert(argv.end(), {"--cap-drop", "ALL"});
    for (const char* capability : kept_capabilities)
        argv.insert(argv.end(), {"--cap-add", capability});
    add_limits(argv, setting);
    if (setting.read_only_root)
        argv.insert(argv.end(), {"--read-only", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp", "--tmpfs", "/run"});
}

/// A person's command gets its variables from the engine, since no quire-init gets them with a request. Names alone
/// stand in argv, where everybody could read a value; the engine has the values in its environment.
void add_person(Confinement& confinement, const Setting& setting)
{
    if (setting.on_terminal)
        confinement.argv.emplace_back("--tty");
    for (const std::string& variable : setting.environment) {
        std::string name = variable.substr(0, variable.find('='));
        bool is_engines = sys::get_variable(confinement.environment, name).has_value();
        confinement.argv.insert(confinement.argv.end(), {"--env", is_engines ? variable : name});
        if (!is_engines)
            confinement.environment.push_back(variable);
    }
}

Result<std::string> volume(const Mount& mount)
{
    for (const std::string& path : {mount.source, mount.target})
        if (path.find(':') != std::string::npos)
            return fail(ErrorKind::invalid, "{}: a path with a colon can't be given to a container", path);
    return fmt::format("{}:{}{}", mount.source, mount.target, mount.writable ? "" : ":ro");
}

} // namespace

std::span<const char* const> engine_variables() { return of_engines; }

sys::Environment engine_environment()
{
    sys::Environment environment = sys::base_environment();
    for (const char* name : engine_variables())
        if (auto value = sys::process_variable(name))
            sys::set_variable(environment, name, *value);
    if (auto path = sys::process_variable("PATH"))
        sys::set_variable(environment, "PATH", *path + ":/usr/sbin:/sbin");
    return environment;
}

bool is_podman(std::string_view engine)
{
    return engine.substr(engine.rfind('/') + 1).find("podman") != std::string_view::npos;
}

// Valid names, so that a second start of the same container fails instead of running twice.
std::string container_name(std::string_view run, int number)
{
    std::string name(name_prefix);
    for (char c : run) {
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        name += plain ? std::string(1, c) : fmt::format("_{:02x}", static_cast<unsigned char>(c));
    }
    return number == 0 ? name : fmt::format("{}{}{}", name, number_mark, number);
}

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

std::string engine_words(std::string_view said)
{
    std::string words;
    for (std::string_view line : split(said, '\n')) {
        line = trim(line);
        if (!line.empty() && !line.starts_with("See '") && !line.starts_with("Run '")) // docker's advice comes last
            words = line;
    }
    std::string_view shown = words;
    for (std::string_view prefix : {"docker: ", "Error: ", "Error response from daemon: ", "ERROR: "})
        strip_prefix(shown, prefix);
    return std::string(shown);
}

std::string why_no_container(const std::string& image, std::string_view said)
{
    // Engines exit with 125 for every failure, so the reason must be found in their output.
    constexpr std::string_view of_pulling[] = {"pull",           "manifest",      "registry",   "initializing source",
                                               "no such image",  "No such image", "short-name", "image not known",
                                               "unable to find", "Unable to find"};
    std::string words = engine_words(said);
    bool pulling = std::any_of(std::begin(of_pulling), std::end(of_pulling),
                               [&](std::string_view word) { return words.find(word) != std::string::npos; });
    return fmt::format("image '{}' {}: {}", image, pulling ? "could not be pulled" : "could not be started", words);
}

Result<Confinement> container_confinement(const Setting& setting, const Container& container)
{
    std::string engine = TRY(find_engine(container.engine));
    std::string helper = setting.helper.empty() ? TRY(find_helper()) : setting.helper;
    std::string name = container_name(setting.run, container.number);
    if (container.image.empty() || container.image.starts_with('-'))
        return fail(ErrorKind::invalid, "not an image: '{}'", container.image);
    // --log-driver none: our log has the output already, so the engine should not copy it into its own.
    Confinement confinement{.argv = {engine, "run", "--interactive", "--rm", "--name", name, "--label",
                                     fmt::format("{}={}", container_label, setting.run), "--log-driver", "none",
                                     "--entrypoint", inside_helper, "--workdir", inside_workspace, "--stop-timeout",
                                     "0"},
                            .environment = engine_environment(),
                            .command_environment = setting.environment,
                            .directory = inside_workspace,
                            .run = setting.run,
                            .image = container.image,
                            .cleanup = {engine, "rm", "--force", name}};
    add_confines(confinement.argv, setting);
    if (!setting.command.empty())
        add_person(confinement, setting);
    std::string fence = name + "_net";
    bool named = setting.network == Network::on && is_podman(engine);
    bool behind = setting.network == Network::on && !named;
    size_t options_end = confinement.argv.size();
    if (setting.network == Network::off)
        confinement.argv.insert(confinement.argv.end(), {"--network", "none"});
    if (behind) {
        confinement.argv.insert(confinement.argv.end(), {"--network", "container:" + fence});
        confinement.cleanup.push_back(fence);
    }
    if (container.is_local)
        confinement.argv.insert(confinement.argv.end(), {"--pull", "never"});
    std::vector<Mount> mounts = setting.mounts;
    mounts.insert(mounts.begin(), {{helper, inside_helper, false}, {setting.workspace, inside_workspace, true}});
    for (const Mount& mount : mounts)
        confinement.argv.insert(confinement.argv.end(), {"--volume", TRY(volume(mount))});
    confinement.argv.push_back(container.image);
    for (std::string& argument : helper_arguments(setting))
        confinement.argv.push_back(std::move(argument));
    if (named)
        TRY(give_namespace(confinement.argv, options_end, helper));
    if (behind) {
        std::vector<std::string> wrapped = {helper, "--network-behind"};
        std::vector<std::string> first = fence_container(engine, fence, helper, setting, container);
        wrapped.insert(wrapped.end(), first.begin(), first.end());
        wrapped.emplace_back("--");
        confinement.argv.insert(confinement.argv.begin(), wrapped.begin(), wrapped.end());
    }
    return confinement;
}

Result<std::vector<std::string>> build_command(const Setting& setting, const std::string& engine,
                                               const std::vector<std::string>& arguments)
{
    std::vector<std::string> argv = {engine, "build"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    if (!is_podman(engine))
        return argv;
    std::vector<std::string> mark = build_mark(setting.run);
    argv.insert(argv.begin() + 2, mark.begin(), mark.end());
    TRY(give_namespace(argv, 2, setting.helper.empty() ? TRY(find_helper()) : setting.helper));
    return argv;
}

Result<Confinement> engine_confinement(const Setting& setting)
{
    Confinement confinement = TRY(host_confinement(setting));
    confinement.argv.back() = "--guard";
    confinement.environment = confinement.command_environment = engine_environment();
    return confinement;
}

Result<std::vector<std::string>> list_containers(const std::string& engine)
{
    // Looks for names, because engines print labels too differently.
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
