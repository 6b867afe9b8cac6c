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
constexpr cli::Flag flags_restore[] = {{"list", nullptr, "what is in the trash"}, {"as", "NAME", "under another name"}};
constexpr cli::Flag flags_doctor[] = {{"fix", nullptr, "mend what is safe to mend"},
                                      {"proxy", "URL", "check that this proxy strips a forged Remote-User"},
                                      json};
constexpr cli::Flag flags_config[] = {json};
constexpr cli::Flag flags_runs[] = {
    {"limit", "N", "so many at most; 20 unless given"},
    {"before", "N", "older ones than the run of that number"},
    {"ref", "REF", "of that branch, tag or full name"},
    {"state", "STATE", "queued, active, succeeded, failed, errored, canceled, timed-out, superseded"},
    json};
constexpr cli::Flag flags_logs[] = {
    {"job", "JOB", "of that job only"},
    {"follow", nullptr, "go on until the run ends; exit 1 unless it succeeds (also -f)"},
    {"timestamps", nullptr, "when each line came, and on which stream"}};
constexpr cli::Flag flags_rerun[] = {{"failed", nullptr, "only what had not succeeded; the rest is taken over"}, json};
constexpr cli::Flag flags_replay[] = {{"job", "JOB", "that job and what it waits for"},
                                      {"run", nullptr, "do it here, in a temporary checkout"}};
constexpr cli::Flag flags_prune[] = {{"dry-run", nullptr, "only say what would go"}, json};
constexpr cli::Flag flags_run[] = {{"source", "SOURCE", "the manual source to fire"}, json};

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
    {"config",
     "get|set|unset …",
     {1, 4},
     flags_config,
     "see and change settings: get [NAME] [KEY], set [NAME] KEY VALUE, unset [NAME] KEY",
     verb_config},
    {"runs", "[NAME]", {0, 1}, flags_runs, "what ran, runs and waits, newest first", verb_runs},
    {"logs", "NAME [N]", {1, 2}, flags_logs, "what the jobs of a run printed; of the newest run without N", verb_logs},
    {"cancel", "NAME N", {2, 2}, {}, "end a run, or take it out of the queue", verb_cancel},
    {"rerun", "NAME N", {2, 2}, flags_rerun, "queue a run again, same commit and same facts", verb_rerun},
    {"replay", "NAME N", {2, 2}, flags_replay, "how to repeat a run's job on a clone, without the forge", verb_replay},
    {"prune", "[NAME]", {0, 1}, flags_prune, "let go of old runs and artifacts, as :retention says", verb_prune},
    {"doctor", "", {0, 0}, flags_doctor, "look for what is wrong, and say what to do", verb_doctor},
    {"run",
     "NAME [KEY=VALUE…]",
     {1, 1000},
     flags_run,
     "fire a manual source of its pipeline; without --source, list them",
     verb_run},
    {"upkeep",
     "[NAME]",
     {0, 1},
     {},
     "housekeeping of one repository, or of the trash; quire-runner calls it",
     verb_upkeep,
     true},
    {"serve", "[OPTIONS]", {0, 1000}, {}, "start the web view: the same as quire-serve", verb_serve},
    {"refresh-sources",
     "NAME",
     {1, 1},
     {},
     "look what its default branch's pipeline registers; quire-runner calls it",
     verb_refresh_sources,
     true},
    {"refresh-git",
     "[git-receive-pack]",
     {0, 1},
     {},
     "fit the shared git settings to the git that is installed",
     verb_refresh_git,
     true},
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

Result<cli::Options> Call::options() const { return cli::Options::parse(verb.name, verb.flags, verb.arity, arguments); }

Result<store::Root> Call::root() const { return store::Root::open(store::Root::choose(root_option)); }

Result<store::RepoName> Call::repository(const store::Root& root, const std::string& operand)
{
    return store::RepoName::from_request(operand, root.path());
}

} // namespace quire::tool
