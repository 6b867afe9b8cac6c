// quire-hook: the program that git runs when somebody pushes; see quire-hook(8).
//
// It is started either through a link named after the hook (core.hooksPath), and then runs the repository's own hook
// too, or as "quire-hook <hook>" (hook.<name>.command), and then git runs the repository's own hook. As
// "alternate-refs" (core.alternateRefsCommand) it is asked by git for refs, and is no hook.
#include "base/log.h"
#include "cli/tool.h"
#include "push/hooks.h"
#include "sys/process.h"

using quire::Result;
using namespace quire;

constexpr std::string_view usage =
    "usage: quire-hook pre-receive|post-receive\n"
    "\n"
    "Run by git, in a bare repository below a quire data root, with the updated refs on\n"
    "standard input. Through a link named after a hook it also runs the repository's own.\n"
    "\n"
    "  --help     print this\n"
    "  --version  print the version\n";

static std::string g_invoked_as;

static Result<int> run_hook(const std::string& name, bool through_link, const cli::Arguments& arguments)
{
    bool before = name == "pre-receive";
    if (!before && name != "post-receive") {
        if (through_link)
            return push::chain(name, arguments, nullptr);
        return fail(ErrorKind::usage, "'{}' is not a hook of quire: pre-receive or post-receive", visible(name));
    }
    // doctor checks whether git really starts this program.
    if (auto probe = sys::process_variable("QUIRE_HOOK_PROBE")) {
        TRY(cli::print(fmt::format("{} {}\n", name, *probe)));
        return 0;
    }
    push::Context context = TRY(push::read_context());
    set_program_name("quire"); // from here on, messages are for the pusher
    int code = TRY(before ? push::pre_receive(context) : push::post_receive(context));
    if (code != 0 || !through_link)
        return code;
    return push::chain(name, arguments, &context.input);
}

static Result<int> body(const cli::Arguments& arguments)
{
    if (g_invoked_as == "alternate-refs") {
        if (arguments.size() != 1)
            return fail(ErrorKind::usage, "name one repository");
        return push::alternate_refs(arguments[0]);
    }
    if (g_invoked_as != "quire-hook")
        return run_hook(g_invoked_as, true, arguments);
    if (TRY(cli::answered_help(arguments, usage)))
        return 0;
    if (arguments.size() != 1)
        return fail(ErrorKind::usage, "name one hook: pre-receive or post-receive");
    return run_hook(arguments[0], false, {});
}

int main(int argc, char** argv)
{
    std::string_view path = argc > 0 ? argv[0] : "quire-hook";
    g_invoked_as = path.substr(path.rfind('/') + 1);
    return cli::run_tool("quire-hook", argc, argv, body);
}
