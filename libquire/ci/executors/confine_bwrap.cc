// bwrap_confinement of ci/executors/confinement.h.
#include <fcntl.h>

#include "ci/executors/confinement.h"
#include "init/network.h"
#include "init/room.h"
#include "sys/file.h"
#include "sys/self.h"

namespace quire::ci {

namespace {

constexpr const char* inside_helper = "/quire-init";
constexpr const char* inside_group = "/sys/fs/cgroup"; // where programs look for their limits

/// The parts of /etc that programs read and that hold no secrets. A job must bring anything else along.
constexpr const char* shown_in_etc[] = {"alternatives",
                                        "bash.bashrc",
                                        "ca-certificates",
                                        "ca-certificates.conf",
                                        "debian_version",
                                        "default",
                                        "fonts",
                                        "gitconfig",
                                        "group",
                                        "host.conf",
                                        "hosts",
                                        "inputrc",
                                        "java-17-openjdk",
                                        "java-21-openjdk",
                                        "ld.so.cache",
                                        "ld.so.conf",
                                        "ld.so.conf.d",
                                        "localtime",
                                        "magic",
                                        "mime.types",
                                        "nsswitch.conf",
                                        "os-release",
                                        "passwd",
                                        "perl",
                                        "pki",
                                        "profile",
                                        "profile.d",
                                        "protocols",
                                        "python3",
                                        "services",
                                        "shells",
                                        "ssl/certs",
                                        "ssl/openssl.cnf",
                                        "terminfo",
                                        "timezone",
                                        "xml"};

void add(std::vector<std::string>& argv, std::initializer_list<std::string> more) { argv.insert(argv.end(), more); }

/// Adds /bin and the like: links into /usr on a merged system, separate directories elsewhere.
Result<void> add_system(std::vector<std::string>& argv)
{
    add(argv, {"--ro-bind", "/usr", "/usr"});
    for (const char* name : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt"}) {
        auto status = TRY(sys::stat_at(AT_FDCWD, name));
        if (status && S_ISLNK(status->st_mode))
            add(argv, {"--symlink", TRY(sys::read_link(AT_FDCWD, name)), name});
        else if (status)
            add(argv, {"--ro-bind", name, name});
    }
    for (const char* name : shown_in_etc) {
        std::string path = std::string("/etc/") + name;
        add(argv, {"--ro-bind-try", path, path});
    }
    return {};
}

/// How the sandbox gets into the job's control group and sees it: empty where there is none.
struct GroupArguments {
    std::vector<std::string> enter; ///< before bwrap's
    std::vector<std::string> show;  ///< bwrap's own
    std::vector<std::string> tell;  ///< quire-init's
};

GroupArguments group_arguments(const std::string& helper, const std::string& group)
{
    if (group.empty())
        return {};
    return {.enter = {helper, "--in-group", group},
            .show = {"--ro-bind", group, inside_group},
            .tell = {"--group", inside_group}};
}

} // namespace

Result<Confinement> bwrap_confinement(const Setting& setting)
{
    auto bwrap = sys::find_program("bwrap", sys::base_environment());
    if (!bwrap)
        return fail(bwrap.error().kind, "bubblewrap is not installed, there is no bwrap in {}", sys::default_path);
    std::string helper = setting.helper.empty() ? TRY(find_helper()) : setting.helper;
    Confinement confinement{.argv = {*bwrap, "--die-with-parent", "--unshare-user-try", "--unshare-ipc",
                                     "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try", "--as-pid-1",
                                     "--new-session", "--cap-drop", "ALL", "--hostname", "quire"},
                            .environment = setting.environment,
                            .command_environment = {},
                            .directory = inside_workspace,
                            .group = setting.group,
                            .run = setting.run,
                            .on_this_machine = true,
                            .cleanup = {}};
    if (setting.network == Network::off)
        confinement.argv.push_back("--unshare-net");
    else
        confinement.argv.insert(confinement.argv.begin(), {helper, "--network-inside", TRY(find_translator())});
    GroupArguments group = group_arguments(helper, setting.group);
    confinement.argv.insert(confinement.argv.begin(), group.enter.begin(), group.enter.end());
    TRY(add_system(confinement.argv));
    if (setting.network == Network::on)
        add(confinement.argv,
            {"--perms", "0644", "--ro-bind-data", std::to_string(init::resolv_conf_fd), "/etc/resolv.conf"});
    add(confinement.argv, {"--proc", "/proc", "--dev", "/dev"});
    // The home directory exists but is empty, so the operator's keys are hidden.
    std::string home = sys::get_variable(setting.environment, "HOME").value_or("/root");
    for (const std::string& place : {std::string("/tmp"), std::string("/var/tmp"), std::string("/run"), home}) {
        if (setting.limits.memory != 0) // files there are memory that no process has
            add(confinement.argv, {"--size", std::to_string(setting.limits.memory)});
        add(confinement.argv, {"--tmpfs", place});
    }
    confinement.argv.insert(confinement.argv.end(), group.show.begin(), group.show.end());
    add(confinement.argv, {"--ro-bind", helper, inside_helper});
    add(confinement.argv, {"--bind", setting.workspace, inside_workspace});
    for (const Mount& mount : setting.mounts)
        add(confinement.argv, {mount.writable ? "--bind" : "--ro-bind", mount.source, mount.target});
    add(confinement.argv, {"--chdir", inside_workspace, "--", inside_helper});
    if (setting.command.empty()) { // a person's command has no commands to keep within limits
        confinement.argv.insert(confinement.argv.end(), group.tell.begin(), group.tell.end());
        add(confinement.argv,
            {"--most-processes", std::to_string(init::processes_to_enforce(setting.limits.processes))});
    }
    for (std::string& argument : helper_arguments(setting))
        confinement.argv.push_back(std::move(argument));
    return confinement;
}

} // namespace quire::ci
