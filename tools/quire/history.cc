// follow and trail: where lines and files came from. quire-history answers, because it has libgit2, which quire must do
// without.
#include "forge/installation.h"
#include "sys/file.h"
#include "sys/process.h"
#include "verbs.h"

namespace quire::tool {

static Result<std::string> find_history(const forge::Installation& installation)
{
    for (const char* place : {"/quire-history", "/../libexec/quire/quire-history"})
        if (sys::is_executable_file(AT_FDCWD, installation.directory + place))
            return installation.directory + place;
    return fail(ErrorKind::not_found, "quire-history is missing: it belongs in {} or {}/../libexec/quire",
                installation.directory, installation.directory);
}

/// The verb with its options; then the repository's directory in place of its name.
static Result<int> ask_history(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    const cli::Arguments& operands = options.operands();
    store::RepoName name = TRY(Call::repository(root, operands[0]));
    if (!root.has_repository(name))
        return fail(ErrorKind::not_found, "there is no repository {}", name.str());
    std::vector<std::string> argv = {TRY(find_history(TRY(forge::find_installation()))), call.verb.name};
    if (options.has("json"))
        argv.emplace_back("--json");
    if (auto limit = options.value("limit"))
        argv.insert(argv.end(), {"--limit", *limit});
    argv.insert(argv.end(), {"--", root.absolute(store::paths::repository(name))});
    argv.insert(argv.end(), operands.begin() + 1, operands.end());
    return sys::exec(argv, sys::inherited_environment());
}

/// A task after each push. The index lies beside the runs, of which there may be none yet.
Result<int> verb_index_changes(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    if (!root.has_repository(name))
        return fail(ErrorKind::not_found, "there is no repository {}", name.str());
    std::string runs = store::paths::repository_runs(name);
    TRY(sys::make_directories(root.fd(), runs, 0750));
    return sys::exec({TRY(find_history(TRY(forge::find_installation()))), call.verb.name, "--",
                      root.absolute(store::paths::repository(name)), root.absolute(runs)},
                     sys::inherited_environment());
}

Result<int> verb_follow(const Call& call) { return ask_history(call); }
Result<int> verb_trail(const Call& call) { return ask_history(call); }

} // namespace quire::tool
