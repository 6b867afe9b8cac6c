// quire: the operator's tool. quire(1).
#include "base/log.h"
#include "base/strings.h"
#include "verbs.h"

using namespace quire;
using namespace quire::tool;

static std::string usage()
{
    std::string text = "usage: quire [--root DIR] VERB …\n\n";
    for (const Verb& verb : all_verbs())
        if (!verb.is_hidden)
            text += fmt::format("  {:<28}{}\n", fmt::format("{} {}", verb.name, verb.operands), verb.help);
    return text + "\n"
                  "  --root DIR   the data root; QUIRE_ROOT or /var/quire unless given\n"
                  "  --version    print the version\n"
                  "\n"
                  "quire VERB --help tells more; quire(1) tells all.\n";
}

static Result<const Verb*> find_verb(const std::string& name)
{
    std::vector<std::string> names;
    for (const Verb& verb : all_verbs()) {
        if (verb.name == name)
            return &verb;
        if (!verb.is_hidden)
            names.emplace_back(verb.name);
    }
    auto meant = nearest(name, names);
    return fail(ErrorKind::usage, "there is no verb '{}'; {}", visible(name),
                meant ? fmt::format("did you mean '{}'?", *meant) : "quire --help lists them");
}

static Result<int> body(const cli::Arguments& arguments)
{
    std::optional<std::string> root;
    size_t at = 0;
    if (at < arguments.size() && arguments[at].starts_with("--root=")) {
        root = arguments[at++].substr(7);
    } else if (at < arguments.size() && arguments[at] == "--root") {
        if (arguments.size() < 2)
            return fail(ErrorKind::usage, "--root needs a directory");
        root = arguments[1];
        at = 2;
    }
    cli::Arguments rest(arguments.begin() + static_cast<ptrdiff_t>(at), arguments.end());
    if (rest.empty())
        return fail(ErrorKind::usage, "say what to do: quire --help lists the verbs");
    if (TRY(cli::answered_help(rest, usage())))
        return 0;
    const Verb* verb = TRY(find_verb(rest[0]));
    rest.erase(rest.begin());
    if (!rest.empty() && (rest[0] == "--help" || rest[0] == "-h") && verb->run != verb_serve) {
        TRY(cli::print(usage_of(*verb)));
        return 0;
    }
    return verb->run({*verb, root, std::move(rest)});
}

int main(int argc, char** argv) { return cli::run_tool("quire", argc, argv, body); }
