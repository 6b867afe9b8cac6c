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
constexpr cli::Flag flags_rm[] = {{"yes", nullptr, "don't ask"}};
constexpr cli::Flag flags_restore[] = {{"list", nullptr, "what is in the trash"},
                                       {"as", "NAME", "under another name"}};
constexpr cli::Flag flags_doctor[] = {{"fix", nullptr, "mend what is safe to mend"},
                                      {"proxy", "URL", "check that this proxy strips a forged Remote-User"},
                                      json};
constexpr cli::Flag flags_config[] = {json};

constexpr Verb verbs[] = {
    {"init", "", {0, 0}, {}, "make the data root: its directories and git's settings", verb_init},
    {"new", "NAME", {1, 1}, flags_new, "make a repository and print what to clone", verb_new},
    {"list", "", {0, 0}, flags_list, "all repositories", verb_list},
    {"info", "NAME", {1, 1}, flags_info, "all about one repository", verb_info},
    {"rename", "OLD NEW", {2, 2}, {}, "give it another name, runs and all", verb_rename},
    {"describe", "NAME TEXT", {2, 2}, {}, "change the one-line description", verb_describe},
    {"freeze", "NAME [MESSAGE]", {1, 2}, {}, "refuse pushes", verb_freeze},
    {"thaw", "NAME", {1, 1}, {}, "accept pushes again", verb_thaw},
    {"rm", "NAME", {1, 1}, flags_rm, "move it to the trash, for 30 days", verb_rm},
    {"restore", "[NAME|ID]", {0, 1}, flags_restore, "take it out of the trash again", verb_restore},
    {"config", "get|set|unset …", {1, 4}, flags_config,
     "see and change settings: get [NAME] [KEY], set [NAME] KEY VALUE, unset [NAME] KEY", verb_config},
    {"doctor", "", {0, 0}, flags_doctor, "look for what is wrong, and say what to do", verb_doctor},
    {"upkeep", "[NAME]", {0, 1}, {}, "housekeeping of one repository, or of the trash; quire-runner calls it", verb_upkeep, true},
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
