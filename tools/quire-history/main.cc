// quire-history: answers quire's questions about the history of files; see quire-history(8).
#include "base/log.h"
#include "verbs.h"

using namespace quire;
using namespace quire::history_tool;

constexpr const char* usage =
    "usage: quire-history follow [--json] [--limit N] [--] DIRECTORY COMMIT PATH FIRST,LAST\n"
    "\n"
    "Prints the commits that shaped the lines of a file in a bare repository, newest first. quire follow is what a\n"
    "person calls: it knows repositories by their names.\n";

static Result<int> body(const cli::Arguments& arguments)
{
    if (TRY(cli::answered_help(arguments, usage)))
        return cli::exit_yes;
    if (arguments.empty())
        return fail(ErrorKind::usage, "say what to do: follow; --help tells more");
    cli::Arguments rest(arguments.begin() + 1, arguments.end());
    if (arguments[0] == "follow")
        return verb_follow(rest);
    return fail(ErrorKind::usage, "there is no verb '{}'; --help lists them", visible(arguments[0]));
}

int main(int argc, char** argv) { return cli::run_tool("quire-history", argc, argv, body); }
