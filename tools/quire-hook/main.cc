// quire-hook: what git runs when somebody pushes. quire-hook(8).
//
// Started in one of two ways: through a link named after the hook (core.hooksPath; the repository's own hook is
// then ours to run), or as "quire-hook <hook>" (hook.<name>.command; git runs the repository's own by itself).
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
    // doctor asks whether git really starts us.
    if (auto probe = sys::process_variable("QUIRE_HOOK_PROBE")) {
        TRY(cli::print(fmt::format("{} {}\n", name, *probe)));
        return 0;
    }
    push::Context context = TRY(push::read_context());
    set_program_name("quire"); // what follows is said to the pusher
    int code = TRY(before ? push::pre_receive(context) : push::post_receive(context));
    if (code != 0 || !through_link)
        return code;
    return push::chain(name, arguments, &context.input);
}

static Result<int> body(const cli::Arguments& arguments)
{
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
