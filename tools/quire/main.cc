// quire: the operator's tool. quire(1).
#include "base/log.h"
#include "base/strings.h"
#include "deliver/remote.h"
#include "store/replica.h"
#include "verbs.h"

using namespace quire;
using namespace quire::tool;

static std::string usage()
{
    return "usage: quire [--root DIR] VERB ...\n\n" + cli::list_of_verbs(cli::Reach::box) +
           "\n"
           "  --root DIR   the data root; QUIRE_ROOT or /var/quire unless given\n"
           "  --version    print the version\n"
           "\n"
           "quire help VERB tells more; quire(1) tells all.\n";
}

Result<int> tool::verb_help(const Call& call)
{
    cli::Options options = TRY(call.options());
    const cli::Arguments& topic = options.operands();
    std::string text = topic.empty() ? usage() : TRY(cli::help_on(topic, cli::Reach::box));
    TRY(cli::print(text));
    return 0;
}

/// A replica is made from a backup: what a verb wrote there would be lost, or worse, would stay.
static Result<void> refuse_on_replica(const Call& call)
{
    if (cli::effect_of(call.verb, call.arguments) == cli::Effect::reads)
        return {};
    auto root = call.root();
    if (!root)
        return {}; // the verb says why, or makes one
    return store::refuse_on_replica(
        *root, fmt::format("'quire {}' would change it; do that on the forge that it follows", call.verb.name));
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
        return fail(ErrorKind::usage, "say what to do: quire help lists the verbs");
    if (TRY(cli::answered_help(rest, usage())))
        return 0;
    const cli::Verb* verb = cli::verb_in_front(rest);
    bool asks_help = rest.size() > 1 && (rest.back() == "--help" || rest.back() == "-h");
    if (!verb && rest.size() == 2 && asks_help) // of "config", say
        return verb_help({*cli::find_verb("help"), root, {rest[0]}});
    if (!verb)
        return fail(ErrorKind::usage, "{}", cli::no_such_verb(rest, cli::Reach::box));
    Function function = function_of(*verb);
    rest.erase(rest.begin(), rest.begin() + static_cast<ptrdiff_t>(cli::words_in_name(*verb)));
    if (!rest.empty() && (rest[0] == "--help" || rest[0] == "-h") && function != verb_serve) {
        TRY(cli::print(cli::help_of(*verb, cli::Reach::internal)));
        return 0;
    }
    Call call{*verb, root, std::move(rest)};
    TRY(refuse_on_replica(call));
    return function(call);
}

int main(int argc, char** argv)
{
    deliver::become_ssh_if_asked(argc, argv);
    return cli::run_tool("quire", argc, argv, body);
}
