// pull: fetches the images of a repository's pipeline ahead.
#include "base/strings.h"
#include "forge/config.h"
#include "forge/installation.h"
#include "forge/pipeline_files.h"
#include "forge/refresh_sources.h"
#include "forge/replay.h"
#include "git/git.h"
#include "sys/temporary_directory.h"
#include "text/escape.h"
#include "verbs.h"

namespace quire::tool {

/// The commit that is named; otherwise the tip of the default branch.
static Result<std::string> commit_of(int repository, const store::RepoName& name, const cli::Options& options)
{
    if (options.operands().size() < 2) {
        forge::DefaultBranch branch = TRY(forge::default_branch(repository));
        if (branch.sha.empty())
            return fail(ErrorKind::not_found, "the default branch of {} has no commit", name.str());
        return branch.sha;
    }
    const std::string& ref = options.operands()[1];
    sys::Output found =
        TRY(git::run(repository, {"rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}"}));
    std::string sha(trim(found.out));
    if (found.status != 0 || sha.empty() || !from_hex(sha))
        return fail(ErrorKind::not_found, "{} has no '{}'", name.str(), text::for_terminal(ref));
    return sha;
}

Result<int> verb_pull(const Call& call)
{
    cli::Options options = TRY(call.options());
    store::Root root = TRY(call.root());
    store::RepoName name = TRY(Call::repository(root, options.operands()[0]));
    store::GlobalConfig config = TRY(forge::read_global_config(root));
    UniqueFd repository = TRY(root.open_repository(name));
    std::string sha = TRY(commit_of(repository.get(), name, options));
    auto directory = TRY(sys::TemporaryDirectory::create("", "quire-pull"));
    if (!TRY(forge::write_pipeline(repository.get(), sha, forge::PipelineFiles::everything, directory.fd())))
        return fail(ErrorKind::not_found, "{} has no .quire/ci.fnl at {}", name.str(), sha.substr(0, 12));
    forge::Installation installation = TRY(forge::find_installation());
    std::vector<std::string> argv = {installation.directory + "/quire-ci", "pull", "--cache-dir",
                                     root.absolute(store::paths::compiled)};
    if (!config.engine.empty())
        argv.insert(argv.end(), {"--engine", config.engine});
    argv.push_back(directory.path());
    return forge::run_here(std::move(argv), sys::inherited_environment());
}

} // namespace quire::tool
