// quire-history: answers quire's questions about the history of files; see quire-history(8).
#include "base/log.h"
#include "verbs.h"

using namespace quire;
using namespace quire::history_tool;

constexpr const char* usage =
    "usage: quire-history follow [--json] [--limit N] [--] DIRECTORY COMMIT PATH LINES\n"
    "       quire-history trail [--json] [--] DIRECTORY COMMIT PATH\n"
    "       quire-history index-changes [--json] [--] DIRECTORY RUNS\n"
    "\n"
    "Prints the commits that shaped lines of a file in a bare repository (FIRST,LAST, or :NAME of what it defines),\n"
    "or all names that a file has had, newest first; or brings the index of its changes up to date, which lies beside "
    "its runs. quire follow and quire trail "
    "are what a person calls: they know repositories by their names.\n";

static Result<int> body(const cli::Arguments& arguments)
{
    if (TRY(cli::answered_help(arguments, usage)))
        return cli::exit_yes;
    if (arguments.empty())
        return fail(ErrorKind::usage, "say what to do: follow, trail or index-changes; --help tells more");
    cli::Arguments rest(arguments.begin() + 1, arguments.end());
    if (arguments[0] == "follow")
        return verb_follow(rest);
    if (arguments[0] == "trail")
        return verb_trail(rest);
    if (arguments[0] == "index-changes")
        return verb_index_changes(rest);
    return fail(ErrorKind::usage, "there is no verb '{}'; --help lists them", visible(arguments[0]));
}

int main(int argc, char** argv) { return cli::run_tool("quire-history", argc, argv, body); }
