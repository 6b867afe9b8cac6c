// quire-ci: compiles, checks and runs a repository's pipeline; see quire-ci(1).
#include "base/log.h"
#include "base/strings.h"
#include "deliver/remote.h"
#include "verbs.h"

using namespace quire;
using namespace quire::ci_tool;

constexpr cli::Flag cache_dir = {"cache-dir", "DIR", "keep compiled pipelines there"};
constexpr cli::Flag no_cache = {"no-cache", nullptr, "compile anew, and keep nothing"};
constexpr cli::Flag validate_flags[] = {{"json", nullptr, "print JSON, for editors"}, cache_dir, no_cache};
constexpr cli::Flag graph_flags[] = {{"dot", nullptr, "print it for Graphviz"}, cache_dir, no_cache};
constexpr cli::Flag sources_flags[] = {{"json", nullptr, "print JSON instead of Fennel"}, cache_dir, no_cache};
constexpr cli::Flag pull_flags[] = {
    {"engine", "NAME", "the container engine; whichever is there unless given"}, cache_dir, no_cache};
constexpr cli::Flag run_flags[] = {
    {"executor", "WHERE", "auto, host, bwrap or container"},
    {"job", "ID", "only this job and what it waits for"},
    {"source", "NAME",
     "what fires it: a cron or manual source, with KEY=VALUE for each parameter; a push unless given"},
    {"approve", "ID", "let this job run without asking, though it waits for approval; more of them behind commas"},
    {"in-place", nullptr, "work in DIR itself, not in a copy of it"},
    {"verbose", nullptr, "print what commands print, as it comes", cli::Kind::none, cli::Reach::box, 'v'},
    {"events", "TARGET", "what happens, as JSON lines: null, stdout or a file"},
    {"out-dir", "DIR", "keep the logs of all commands there, and the events"},
    {"dispatch", "FILE", "facts and secrets from quire-runner; the file is removed"},
    {"away", nullptr,
     "for a launcher of quire-runner: hold the run's lock in the out-dir, end when it has a file 'stop'"},
    {"seal", nullptr, "in sandboxes and containers: no calls of the file system that change a file without dating it"},
    {"parallel", "N", "at most so many jobs at a time; the cores unless given"},
    cache_dir,
    no_cache,
};

constexpr cli::Flag shell_flags[] = {
    {"executor", "WHERE", "auto, host, bwrap or container"},
    {"job", "ID", "where that job ran"},
    {"dispatch", "FILE", "what the run was given; the file is removed"},
    cache_dir,
};

constexpr cli::Flag reap_flags[] = {
    {"engine", "NAME", "the container engine; whichever is there unless given"},
    {"leader", nullptr, "its quire-ci too"},
};

struct Verb {
    const char* name;
    std::span<const cli::Flag> flags;
    const char* help;
    Result<int> (*run)(const cli::Options&);
    bool is_hidden = false;
    const char* operands = "[DIR]";
    cli::Arity arity = {0, 1};
};

constexpr Verb verbs[] = {
    {"run", run_flags, "run the pipeline of a checkout", verb_run, false, "[DIR] [KEY=VALUE ...]", {0, 100}},
    {"validate", validate_flags, "say whether .quire/ci.fnl is a pipeline, and all that is wrong with it",
     verb_validate},
    {"reap", reap_flags, "end what a run has left behind, by the run's marker; quire-runner calls it", verb_reap, true},
    {"shell", shell_flags, "a shell where a job ran; quire shell calls it", verb_shell, true, "DIR", {1, 1}},
    {"push-mirror",
     {},
     "push refs to another forge, as standard input says; a job's (mirror …) calls it",
     verb_push_mirror,
     true,
     "",
     {0, 0}},
    {"graph", graph_flags, "print the jobs in their order, and what each waits for", verb_graph},
    {"sources", sources_flags, "print the cron and manual sources that the pipeline registers", verb_sources},
    {"pull", pull_flags, "fetch the images that the jobs run in, before a run needs them", verb_pull},
};

static std::string usage()
{
    std::string text = "usage: quire-ci VERB [OPTIONS] [DIR]\n\n";
    for (const Verb& verb : verbs)
        if (!verb.is_hidden)
            text += fmt::format("  {:<10}{}\n", verb.name, verb.help);
    return text + "\nDIR is a checkout; unless given, the current directory or the nearest above it that has a "
                  "pipeline. quire-ci VERB --help tells more.\n";
}

static Result<int> body(const cli::Arguments& arguments)
{
    if (TRY(cli::answered_help(arguments, usage())))
        return cli::exit_yes;
    if (arguments.empty())
        return fail(ErrorKind::usage, "say what to do: run, validate, graph, sources, pull");
    std::vector<std::string> names;
    for (const Verb& verb : verbs) {
        names.emplace_back(verb.name);
        if (arguments[0] != verb.name)
            continue;
        cli::Arguments rest(arguments.begin() + 1, arguments.end());
        std::string text = fmt::format("usage: quire-ci {} [OPTIONS] {}\n\n{}\n\n{}", verb.name, verb.operands,
                                       verb.help, cli::describe_flags(verb.flags));
        if (TRY(cli::answered_help(rest, text)))
            return cli::exit_yes;
        return verb.run(TRY(cli::Options::parse(verb.name, verb.flags, verb.arity, rest)));
    }
    auto meant = nearest(arguments[0], names);
    return fail(ErrorKind::usage, "there is no verb '{}'; {}", visible(arguments[0]),
                meant ? fmt::format("did you mean '{}'?", *meant) : "quire-ci --help lists them");
}

int main(int argc, char** argv)
{
    deliver::become_ssh_if_asked(argc, argv);
    return cli::run_tool("quire-ci", argc, argv, body);
}
