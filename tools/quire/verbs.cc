#include "verbs.h"

namespace quire::tool {

constexpr cli::Flag json = {"json", nullptr, "print JSON, for scripts"};

constexpr cli::Flag flags_new[] = {
    {"private", nullptr, "only those whom the web proxy vouches for see it"},
    {"description", "TEXT", "one line about it"},
    {"default-branch", "BRANCH", "what a clone checks out; main unless given"},
};
constexpr cli::Flag flags_list[] = {json, {"greeting", nullptr, "as ssh shows it to whom asked for nothing"}};
constexpr cli::Flag flags_info[] = {json};

constexpr Verb verbs[] = {
    {"init", "", {0, 0}, {}, "make the data root: its directories and git's settings", verb_init},
    {"new", "NAME", {1, 1}, flags_new, "make a repository and print what to clone", verb_new},
    {"list", "", {0, 0}, flags_list, "all repositories", verb_list},
    {"info", "NAME", {1, 1}, flags_info, "all about one repository", verb_info},
    {"upkeep", "NAME", {1, 1}, {}, "housekeeping of one repository; quire-runner calls it after pushes", verb_upkeep, true},
    {"serve", "[OPTIONS]", {0, 1000}, {}, "start the web view: the same as quire-serve", verb_serve},
    {"refresh-git", "[git-receive-pack]", {0, 1}, {}, "fit the shared git settings to the git that is installed",
     verb_refresh_git, true},
};

std::span<const Verb> all_verbs() { return verbs; }

std::string usage_of(const Verb& verb)
{
    std::string usage = fmt::format("usage: quire {}{}{}{}\n\n{}\n", verb.name, verb.flags.empty() ? "" : " [OPTIONS]",
                                    *verb.operands ? " " : "", verb.operands, verb.help);
    if (!verb.flags.empty())
        usage += "\n" + cli::describe_flags(verb.flags);
    return usage;
}

Result<cli::Options> Call::options() const
{
    return cli::Options::parse(verb.name, verb.flags, verb.arity, arguments);
}

Result<store::Root> Call::root() const { return store::Root::open(store::Root::choose(root_option)); }

Result<store::RepoName> Call::repository(const store::Root& root, const std::string& operand)
{
    return store::RepoName::from_request(operand, root.path());
}

} // namespace quire::tool
