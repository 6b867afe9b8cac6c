#include "dispatch/dispatch.h"

#include "base/log.h"
#include "dispatch/caller.h"
#include "dispatch/environment.h"
#include "dispatch/invocation.h"
#include "dispatch/rights.h"
#include "dispatch/serve.h"
#include "dispatch/table.h"
#include "store/audit.h"
#include "sys/file.h"
#include "sys/process.h"
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

namespace {

/// sshd gives a terminal to whoever asks for one. Only verbs that want it keep it: it would spoil what git sends, and
/// is of no use elsewhere. A bare `ssh HOST` asks for one unasked, and is greeted.
static Result<void> check_terminal(const Request& request)
{
    bool serves = request.action == Request::Action::serve;
    bool operates = request.action == Request::Action::operate && request.verb->terminal == cli::Terminal::none;
    if ((serves || operates) && (sys::is_terminal(0) || sys::is_terminal(1)))
        return fail(ErrorKind::refused, "a terminal is only for quire shell: leave out -t");
    return {};
}

/// One command of a client, from its words to the program that serves it. Each end leaves a line in the audit log.
class Errand {
public:
    Result<int> run(const cli::Arguments& arguments)
    {
        auto read = read_invocation(m_invocation, arguments, sys::process_variable("SSH_ORIGINAL_COMMAND"));
        m_root_path = store::Root::choose(m_invocation.root);
        if (!read)
            return refuse(read.error(), "");
        std::string right;
        auto request = check(m_invocation.words, m_root_path, &right);
        if (!request)
            return refuse(request.error(), right);
        if (auto fits = check_terminal(*request); !fits)
            return refuse(fits.error(), "");
        if (request->action == Request::Action::help)
            return answer(request->help);
        auto caller = find_caller(m_invocation, sys::process_variable);
        if (!caller)
            return refuse(caller.error(), "");
        m_invocation.rights = *caller;
        auto program = find_program(*request, *caller);
        if (!program && program.error().kind == ErrorKind::refused)
            return refuse(program.error(), "");
        if (!program)
            return give_up(program.error());
        if (program->argv.empty())
            return answer(greeting(*caller));
        note("served", "", std::nullopt);
        auto failure = sys::exec(program->argv, program->environment);
        return give_up(failure.error());
    }

private:
    /// No program: the caller is greeted by quire-exec itself.
    Result<Program> find_program(const Request& request, const store::KeyRights& caller)
    {
        store::Root root = TRY(store::Root::open(m_root_path));
        TRY(allow(root, caller, request));
        if (request.action == Request::Action::greet && caller.has_bounds())
            return Program{};
        sys::Environment environment = checked_environment(sys::process_variable);
        sys::set_variable(environment, "QUIRE_ROOT", root.path());
        sys::set_variable(environment, "QUIRE_PUSHER", caller.name);
        if (request.action == Request::Action::operate && request.verb->terminal == cli::Terminal::wanted)
            if (auto kind = terminal_kind(sys::process_variable))
                sys::set_variable(environment, "TERM", *kind);
        m_root = std::move(root);
        if (request.action == Request::Action::serve)
            return prepare_git(*m_root, request, std::move(environment));
        std::vector<std::string> words = request.words;
        if (request.action == Request::Action::greet)
            words = {"list", "--greeting"};
        return prepare_quire(*m_root, words, std::move(environment));
    }

    Result<int> answer(const std::string& text)
    {
        note("served", "", cli::exit_yes);
        TRY(cli::print(text));
        return cli::exit_yes;
    }

    /// The log gets the request and the reason; the person also gets what would have been right.
    int refuse(const Error& reason, const std::string& right)
    {
        constexpr size_t max_shown = 200;
        std::string_view line = m_invocation.line;
        std::string address = client_address(sys::process_variable);
        note("refused", reason.message, cli::exit_usage); // learns whose key it is, if that can be told
        const std::string& name = m_invocation.rights.name;
        sys::send_to_syslog(
            text::for_terminal(fmt::format("refused{}{}{}{}: {} (asked for: {}{})", address.empty() ? "" : " from ",
                                           address, name.empty() ? "" : " as ", name, reason.message,
                                           line.substr(0, max_shown), line.size() > max_shown ? "…" : "")));
        log_line(text::for_terminal(reason.message));
        (void)sys::write_all(2, right.empty() ? "what is served: ssh HOST quire help\n"
                                              : fmt::format("usage: {}\n", right));
        return cli::exit_usage;
    }

    Unexpected give_up(const Error& error)
    {
        note(error.kind == ErrorKind::not_found ? "missing" : "failed", error.message, cli::exit_code_for(error));
        return Unexpected(error);
    }

    /// A log that can't be written keeps nobody out.
    void note(const char* verdict, const std::string& reason, std::optional<int> exit)
    {
        if (!m_root)
            if (auto root = store::Root::open(m_root_path))
                m_root = std::move(*root);
        if (!m_root)
            return;
        if (m_invocation.rights.name.empty())
            if (auto caller = find_caller(m_invocation, sys::process_variable))
                m_invocation.rights = std::move(*caller);
        (void)store::append_audit(*m_root, {.at = now(),
                                            .key = m_invocation.rights.name,
                                            .address = client_address(sys::process_variable),
                                            .command = m_invocation.line,
                                            .verdict = verdict,
                                            .reason = reason,
                                            .exit = exit});
    }

    Invocation m_invocation;
    std::string m_root_path;
    std::optional<store::Root> m_root;
};

} // namespace

Result<int> dispatch(const cli::Arguments& arguments)
{
    constexpr mode_t group_may_read = 027;
    TRY(sys::reset_inherited(group_may_read));
    bool may_be_help = arguments.size() == 1 && arguments[0].starts_with('-');
    if (may_be_help && TRY(cli::answered_help(arguments, usage + help_over_ssh())))
        return cli::exit_yes;
    return Errand().run(arguments);
}

} // namespace quire::dispatch
