#include "dispatch/dispatch.h"

#include "base/log.h"
#include "dispatch/caller.h"
#include "dispatch/environment.h"
#include "dispatch/invocation.h"
#include "dispatch/rights.h"
#include "dispatch/serve.h"
#include "dispatch/table.h"
#include "sys/file.h"
#include "sys/self.h"
#include "sys/syslog.h"
#include "text/escape.h"

namespace quire::dispatch {

constexpr const char* usage = "usage: quire-exec [--root DIR] [--pusher NAME] [--may read] [--only NAME,...]\n"
                              "                  [--keys FILE] [--auth-info TEXT] [COMMAND]\n"
                              "       quire-exec --help | --version\n"
                              "\n"
                              "Serves one command of a client that sshd let in. COMMAND is the line it sent, as one\n"
                              "word; without it, SSH_ORIGINAL_COMMAND. See quire-exec(8). A client is told:\n"
                              "\n";

/// The log gets the request and the reason; the person also gets what would have been right.
static int refuse(const Invocation& invocation, const Error& reason, const std::string& right)
{
    constexpr size_t max_shown = 200;
    std::string_view line = invocation.line;
    std::string address = client_address(sys::process_variable);
    sys::send_to_syslog(
        text::for_terminal(fmt::format("refused{}{}{}{}: {} (asked for: {}{})", address.empty() ? "" : " from ",
                                       address, invocation.rights.name.empty() ? "" : " as ", invocation.rights.name,
                                       reason.message, line.substr(0, max_shown), line.size() > max_shown ? "…" : "")));
    log_line(text::for_terminal(reason.message));
    (void)sys::write_all(2,
                         right.empty() ? "what is served: ssh HOST quire help\n" : fmt::format("usage: {}\n", right));
    return cli::exit_usage;
}

static sys::Environment make_environment(const store::KeyRights& caller, const store::Root& root)
{
    sys::Environment environment = checked_environment(sys::process_variable);
    sys::set_variable(environment, "QUIRE_ROOT", root.path());
    sys::set_variable(environment, "QUIRE_PUSHER", caller.name);
    return environment;
}

Result<int> dispatch(const cli::Arguments& arguments)
{
    constexpr mode_t group_may_read = 027;
    TRY(sys::reset_inherited(group_may_read));
    bool may_be_help = arguments.size() == 1 && arguments[0].starts_with('-');
    if (may_be_help && TRY(cli::answered_help(arguments, usage + help_over_ssh())))
        return cli::exit_yes;

    Invocation invocation;
    auto read = read_invocation(invocation, arguments, sys::process_variable("SSH_ORIGINAL_COMMAND"));
    if (!read)
        return refuse(invocation, read.error(), "");
    std::string root_path = store::Root::choose(invocation.root);
    std::string right;
    auto request = check(invocation.words, root_path, &right);
    if (!request)
        return refuse(invocation, request.error(), right);
    if (request->action == Request::Action::help) {
        TRY(cli::print(request->help));
        return cli::exit_yes;
    }

    auto caller = find_caller(invocation, sys::process_variable);
    if (!caller)
        return refuse(invocation, caller.error(), "");
    invocation.rights = *caller;
    store::Root root = TRY(store::Root::open(root_path));
    auto allowed = allow(root, *caller, *request);
    if (!allowed && allowed.error().kind == ErrorKind::refused)
        return refuse(invocation, allowed.error(), "");
    TRY(std::move(allowed));
    if (request->action == Request::Action::greet && caller->has_bounds()) {
        TRY(cli::print(greeting(*caller)));
        return cli::exit_yes;
    }
    sys::Environment environment = make_environment(*caller, root);
    switch (request->action) {
    case Request::Action::serve:
        return serve(root, *request, std::move(environment));
    case Request::Action::operate:
        return operate(root, request->words, environment);
    default:
        return operate(root, {"list", "--greeting"}, environment);
    }
}

} // namespace quire::dispatch
