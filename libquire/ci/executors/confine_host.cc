// host_confinement, find_helper and find_translator of ci/executors/confinement.h.
#include "ci/executors/confinement.h"

#include <fcntl.h>

#include <cmath>

#include "sys/file.h"

namespace quire::ci {

static Result<std::string> look_for_helper()
{
    std::string self = TRY(sys::read_link(AT_FDCWD, "/proc/self/exe"));
    std::string directory = self.substr(0, self.rfind('/'));
    for (const char* place : {"/quire-init", "/../libexec/quire/quire-init"})
        if (sys::is_executable_file(AT_FDCWD, directory + place))
            return sys::real_path(directory + place);
    return fail(ErrorKind::not_found, "quire-init is missing: it belongs beside {} or in {}/../libexec/quire", self,
                directory);
}

Result<std::string> find_helper()
{
    static const Result<std::string> found = look_for_helper();
    return found;
}

Result<std::string> find_translator()
{
    auto found = sys::find_program("slirp4netns", sys::base_environment());
    if (found)
        return found;
    return fail(found.error().kind,
                "slirp4netns is not installed, and a sandbox's network needs it: apt-get install slirp4netns, or say "
                "(ci.network false) in the pipeline");
}

std::vector<std::string> helper_arguments(const Setting& setting)
{
    if (!setting.command.empty()) {
        std::vector<std::string> arguments = {"--terminal"};
        arguments.insert(arguments.end(), setting.command.begin(), setting.command.end());
        return arguments;
    }
    std::vector<std::string> arguments;
    if (setting.is_sealed)
        arguments.emplace_back("--seal");
    const JobLimits& limits = setting.limits;
    if (limits != JobLimits())
        arguments.insert(arguments.end(), {"--limits", std::to_string(limits.memory), std::to_string(limits.processes),
                                           std::to_string(static_cast<uint32_t>(std::ceil(limits.cpus)))});
    return arguments;
}

Result<Confinement> host_confinement(const Setting& setting)
{
    if (setting.network == Network::off)
        return fail(ErrorKind::refused, "the host executor can't cut the network off: use bwrap or container");
    std::string helper = setting.helper.empty() ? TRY(find_helper()) : setting.helper;
    std::vector<std::string> argv = {helper};
    bool serves = setting.command.empty();
    if (serves)
        argv.emplace_back("--isolate");
    Setting unsealed = setting; // a seal would take the operator's rights away, and prove nothing: they can do all else
    unsealed.is_sealed = false;
    if (!setting.group.empty())
        argv.insert(argv.end(), {"--group", setting.group});
    for (std::string& argument : helper_arguments(unsealed))
        argv.push_back(std::move(argument));
    return Confinement{.argv = std::move(argv),
                       .is_plain_host = serves && setting.limits == JobLimits() && setting.group.empty(),
                       .environment = serves ? sys::base_environment() : setting.environment,
                       .command_environment = serves ? setting.environment : sys::Environment(),
                       .directory = setting.workspace,
                       .group = setting.group,
                       .run = setting.run,
                       .on_this_machine = true,
                       .cleanup = {}};
}

} // namespace quire::ci
