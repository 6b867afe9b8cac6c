#include "dispatch/serve.h"

#include <algorithm>
#include <array>

#include "store/git_stamp.h"
#include "store/replica.h"
#include "sys/file.h"
#include "sys/self.h"

namespace quire::dispatch {

/// Hooks that quire does not need, but a repository may have. With core.hooksPath git looks for all hooks in that
/// directory only. The directory hooks-all has links for these too, which run the repository's own hooks.
constexpr std::array own_hooks = {"hooks/update", "hooks/post-update", "hooks/reference-transaction",
                                  "hooks/proc-receive"};

static Result<void> enter_repository(const store::Root& root, const store::RepoName& name)
{
    auto repository = root.open_repository(name);
    if (!repository && repository.error().kind == ErrorKind::not_found)
        return fail(ErrorKind::not_found, "there is no repository '{}' here; to make it: ssh HOST quire new {}",
                    name.str(), name.str());
    TRY(sys::enter_directory(TRY(std::move(repository)).get()));
    // git's own message would only name '.', which tells nobody which repository it means.
    if (!sys::exists(AT_FDCWD, "HEAD"))
        return fail(ErrorKind::not_found, "'{}' is a directory without a git repository in it", name.str());
    return {};
}

/// Git takes a hook that is missing for none: the push would get in unchecked, and no run would come of it.
static Result<void> check_hook(const std::string& programs, std::optional<store::HookMechanism> mechanism)
{
    bool is_direct = mechanism == store::HookMechanism::config;
    std::string hook = is_direct ? programs + "/quire-hook"
                                 : programs.substr(0, programs.rfind('/')) + "/libexec/quire/hooks/pre-receive";
    if (sys::is_executable_file(AT_FDCWD, hook))
        return {};
    return fail(ErrorKind::system,
                "{} is missing, so a push would be neither checked nor recorded; install quire again", hook);
}

/// A push runs hooks: quire's must fit this git, and the repository's own must run too.
static Result<std::vector<std::string>> prepare_push(const store::Root& root, const std::string& git,
                                                     sys::Environment& environment)
{
    // The hook refuses it, too, but only when the whole push has been sent.
    TRY(store::refuse_on_replica(root, "push to the forge that it follows"));
    std::string programs = TRY(sys::program_directory());
    auto mechanism = TRY(store::hook_mechanism(root, TRY(sys::real_path(git))));
    TRY(check_hook(programs, mechanism));
    bool has_own = std::any_of(own_hooks.begin(), own_hooks.end(),
                               [](const char* hook) { return sys::is_executable_file(AT_FDCWD, hook); });
    if (has_own && mechanism != store::HookMechanism::config) {
        sys::set_variable(environment, "GIT_CONFIG_COUNT", "1");
        sys::set_variable(environment, "GIT_CONFIG_KEY_0", "core.hooksPath");
        sys::set_variable(environment, "GIT_CONFIG_VALUE_0",
                          programs.substr(0, programs.rfind('/')) + "/libexec/quire/hooks-all");
    }
    if (!mechanism) // git was replaced: this command rewrites the settings and then runs git
        return std::vector<std::string>{programs + "/quire", "refresh-git", "git-receive-pack"};
    return std::vector<std::string>{git, "receive-pack", "."};
}

Result<Program> prepare_git(const store::Root& root, const Request& request, sys::Environment environment)
{
    TRY(enter_repository(root, *request.repository));
    sys::set_variable(environment, "QUIRE_REPO", request.repository->str());
    std::string git = TRY(sys::find_program("git", environment));
    std::string_view service = request.service->name;
    std::vector<std::string> argv;
    if (service == "git-receive-pack")
        argv = TRY(prepare_push(root, git, environment));
    else if (service == "git-upload-pack")
        argv = {git, "upload-pack", "--strict", "."};
    else
        argv = {git, "upload-archive", "."};
    return Program{std::move(argv), std::move(environment)};
}

Result<Program> prepare_quire(const store::Root& root, const std::vector<std::string>& words,
                              sys::Environment environment)
{
    std::vector<std::string> argv = {TRY(sys::program_directory()) + "/quire"};
    TRY(sys::enter_directory(root.fd()));
    argv.insert(argv.end(), words.begin(), words.end());
    return Program{std::move(argv), std::move(environment)};
}

} // namespace quire::dispatch
