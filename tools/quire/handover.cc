// serve and refresh-git: verbs that become another program.
#include "forge/shared_config.h"
#include "sys/process.h"
#include "verbs.h"

namespace quire::tool {

Result<int> verb_serve(const Call& call)
{
    forge::Installation installation = TRY(forge::find_installation());
    std::vector<std::string> argv = {installation.directory + "/quire-serve"};
    if (call.root_option)
        argv.insert(argv.end(), {"--root", *call.root_option});
    argv.insert(argv.end(), call.arguments.begin(), call.arguments.end());
    return sys::exec(argv, sys::inherited_environment());
}

Result<int> verb_refresh_git(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    forge::Installation installation = TRY(forge::find_installation());
    forge::SharedConfig refreshed = TRY(forge::refresh_shared_config(root, installation));
    if (options.operands().empty())
        return 0;
    if (options.operands()[0] != "git-receive-pack")
        return fail(ErrorKind::usage, "quire refresh-git: only git-receive-pack can follow");
    // quire-exec noticed a new git and has entered the repository with the environment that it built. If it set
    // core.hooksPath to a fuller directory for the old git, and the new git uses its own mechanism, hooks would run
    // twice.
    sys::Environment environment = sys::inherited_environment();
    if (refreshed.mechanism == forge::HookMechanism::config)
        std::erase_if(environment, [](const std::string& entry) { return entry.starts_with("GIT_CONFIG_"); });
    return sys::exec({"git", "receive-pack", "."}, environment);
}

} // namespace quire::tool
