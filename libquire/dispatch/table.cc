#include "dispatch/table.h"

#include <algorithm>

namespace quire::dispatch {

constexpr Operand repository = {"NAME", Kind::repository};

/// A parameter of `run`; further ones follow it.
constexpr Operand parameter = {"KEY=VALUE...", Kind::text, true};
constexpr Operand more = {"", Kind::text, true};

constexpr Command services[] = {
    {"git-upload-pack", "fetch and clone", {repository}, {}},
    {"git-receive-pack", "push", {repository}, {}},
    {"git-upload-archive", "git archive --remote", {repository}, {}},
};

constexpr Command verbs[] = {
    {"new",
     "make a repository",
     {repository},
     {{{"--private"}, {"--description", "TEXT", Kind::text}, {"--default-branch", "BRANCH", Kind::word}}}},
    {"list", "all repositories", {}, {{{"--json"}}}},
    {"info", "one repository", {repository}, {{{"--json"}}}},
    {"rename", "give it another name", {{{"OLD", Kind::repository}, {"NEW", Kind::repository}}}, {}},
    {"describe", "change the one-line description", {{repository, {"TEXT", Kind::text}}}, {}},
    {"rm", "move it to the trash", {repository}, {{{"--yes"}}}},
    {"restore",
     "take it out of the trash again",
     {{{"NAME-OR-ID", Kind::word, true}}},
     {{{"--list"}, {"--as", "NAME", Kind::repository}}}},
    {"freeze", "refuse pushes", {{repository, {"MESSAGE", Kind::text, true}}}, {}},
    {"thaw", "accept pushes again", {repository}, {}},
    {"config get", "read settings", {{{"NAME", Kind::word, true}, {"KEY", Kind::word, true}}}, {{{"--json"}}}},
    {"config set",
     "change a setting",
     {{{"[NAME] KEY", Kind::word}, {"VALUE", Kind::text}, {"", Kind::text, true}}},
     {}},
    {"config unset", "back to the default", {{{"[NAME] KEY", Kind::word}, {"", Kind::word, true}}}, {}},
    {"runs",
     "what ran, runs and waits",
     {{{"NAME", Kind::repository, true}}},
     {{{"--limit", "N", Kind::number},
       {"--before", "N", Kind::number},
       {"--ref", "REF", Kind::text},
       {"--state", "STATE", Kind::word},
       {"--json"}}}},
    {"logs",
     "what a run's jobs printed",
     {{repository, {"N", Kind::number, true}}},
     {{{"--job", "JOB", Kind::text}, {"--follow"}, {"-f"}, {"--timestamps"}}}},
    {"cancel", "end a run", {{repository, {"N", Kind::number}}}, {}},
    {"rerun", "queue a run again", {{repository, {"N", Kind::number}}}, {{{"--failed"}, {"--json"}}}},
    {"replay",
     "how to repeat a run's job on a clone",
     {{repository, {"N", Kind::number}}},
     {{{"--job", "JOB", Kind::text}}}},
    {"prune", "let go of old runs", {{{"NAME", Kind::repository, true}}}, {{{"--dry-run"}, {"--json"}}}},
    {"run",
     "fire a manual source, or list them",
     {{repository, parameter, more, more, more, more, more, more, more}},
     {{{"--source", "SOURCE", Kind::text}, {"--json"}}}},
    {"doctor", "look for what is wrong", {}, {}},
};

std::span<const Command> git_services() { return services; }
std::span<const Command> quire_verbs() { return verbs; }

std::string usage_line(const Command& command)
{
    std::string line = command.name;
    for (const Operand& operand : command.operands)
        if (*operand.shown)
            line += operand.optional ? fmt::format(" [{}]", operand.shown) : fmt::format(" {}", operand.shown);
    for (const Option& option : command.options)
        if (*option.name)
            line += option.kind == Kind::none ? fmt::format(" [{}]", option.name)
                                              : fmt::format(" [{} {}]", option.name, option.shown);
    return line;
}

std::string usage_listing()
{
    std::vector<std::pair<std::string, const char*>> lines;
    for (const Command& service : services)
        lines.emplace_back(usage_line(service), service.summary);
    for (const Command& verb : verbs)
        lines.emplace_back("quire " + usage_line(verb), verb.summary);
    std::string listing;
    for (const auto& [line, summary] : lines)
        listing += fmt::format("  {:<38}{}\n", line + (line.size() < 38 ? "" : "\n" + std::string(40, ' ')), summary);
    return listing;
}

} // namespace quire::dispatch
