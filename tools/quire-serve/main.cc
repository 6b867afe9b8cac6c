// quire-serve: the read-only web view; see quire-serve(8).
#include <signal.h>

#include <cxxopts.hpp>

#include "base/log.h"
#include "base/strings.h"
#include "cli/tool.h"
#include "http/listen.h"
#include "http/server.h"
#include "sys/memory.h"
#include "sys/ready.h"
#include "web/html/layout.h"
#include "web/pages/routes.h"
#include "web/site/push_watch.h"
#include "web/site/site.h"

using namespace quire;

constexpr const char* default_address = "127.0.0.1:8080";

/// Larger than what an ordinary page is made of.
constexpr size_t heap_step = 256u << 10;

/// Beyond this it is worth while to look for memory that is held in vain.
constexpr size_t usual_memory = 48u << 20;
constexpr size_t growth = 12u << 20;

/// What all pages together may take: the last line, behind the budgets.
constexpr size_t most_memory = 384u << 20;

/// A follower has its connection open, and of its run the directory, the events and a log.
constexpr size_t files_of_a_connection = 4;

constexpr const char* usage =
    "usage: quire-serve [--root DIR] [--listen ADDRESS]... [--port PORT]\n"
    "                   [--reader NAME --login-key FILE] [--ready-fd N]\n"
    "\n"
    "Serves the repositories and runs of a data root over HTTP, read only, until it gets TERM or INT.\n"
    "\n"
    "  --root DIR        the data root (default: $QUIRE_ROOT, else /var/quire)\n"
    "  --listen ADDRESS  127.0.0.1:8080, [::1]:8080 or unix:/run/quire.sock; may be given again\n"
    "  --port PORT       the same as --listen 127.0.0.1:PORT\n"
    "  --reader NAME     for a forge of one's own, on loopback alone and without a proxy: its owner's name\n"
    "  --login-key FILE  what the owner logs in with, by opening http://127.0.0.1:8080/-/login/KEY once\n"
    "  --ready-fd N      writes a line to this open descriptor once it answers, for s6\n"
    "  --help, --version\n"
    "\n"
    "Without --listen and --port it listens on 127.0.0.1:8080. A proxy in front logs people in: quire-serve(8).\n";

struct Options {
    std::string root;
    std::vector<std::string> addresses;
    std::string reader, login_key;
    sys::Readiness readiness;
};

/// A cookie over plain HTTP stays on this machine.
static Result<void> check_reader(const Options& options)
{
    if (options.reader.empty())
        return fail(ErrorKind::usage, "--reader wants a name");
    for (const std::string& address : options.addresses)
        if (!address.starts_with("unix:") && !http::is_loopback_host(address))
            return fail(ErrorKind::usage, "--reader is for loopback alone: others could reach '{}'", address);
    if (options.login_key.empty())
        return fail(ErrorKind::usage, "--reader wants --login-key FILE: a file with 32 random bytes or more");
    return {};
}

static Result<Options> parse_options(const cli::Arguments& arguments)
{
    cxxopts::Options parser("quire-serve");
    parser.add_options()("root", "", cxxopts::value<std::string>())("listen", "",
                                                                    cxxopts::value<std::vector<std::string>>())(
        "port", "", cxxopts::value<std::string>())("reader", "", cxxopts::value<std::string>())(
        "login-key", "", cxxopts::value<std::string>())("ready-fd", "", cxxopts::value<std::string>());
    std::vector<const char*> argv = {"quire-serve"};
    for (const std::string& argument : arguments)
        argv.push_back(argument.c_str());
    try {
        auto parsed = parser.parse(static_cast<int>(argv.size()), argv.data());
        if (!parsed.unmatched().empty())
            return fail(ErrorKind::usage, "unexpected argument '{}'; try --help", parsed.unmatched()[0]);
        Options options;
        options.root = store::Root::choose(parsed.count("root") > 0 ? std::optional(parsed["root"].as<std::string>())
                                                                    : std::nullopt);
        if (parsed.count("listen") > 0)
            options.addresses = parsed["listen"].as<std::vector<std::string>>();
        if (parsed.count("port") > 0)
            options.addresses.push_back("127.0.0.1:" + parsed["port"].as<std::string>());
        if (options.addresses.empty())
            options.addresses.emplace_back(default_address);
        if (parsed.count("ready-fd") > 0)
            options.readiness = TRY(sys::Readiness::take(parsed["ready-fd"].as<std::string>()));
        if (parsed.count("login-key") > 0)
            options.login_key = parsed["login-key"].as<std::string>();
        if (parsed.count("reader") > 0) {
            options.reader = trim(parsed["reader"].as<std::string>());
            TRY(check_reader(options));
        } else if (!options.login_key.empty()) {
            return fail(ErrorKind::usage, "--login-key wants --reader NAME: whom it logs in");
        }
        return options;
    } catch (const std::exception& wrong) {
        return fail(ErrorKind::usage, "{}; try --help", wrong.what());
    }
}

static Result<int> run(const cli::Arguments& arguments)
{
    if (TRY(cli::answered_help(arguments, usage)))
        return cli::exit_yes;
    Options options = TRY(parse_options(arguments));
    sys::part_heaps(heap_step);
    // Before there is another thread: it would get the signal while this one is busy, and end the program.
    TRY(sys::block_signals({SIGTERM, SIGINT, SIGHUP}));
    http::Login login;
    if (!options.reader.empty())
        login = TRY(http::Login::read(options.reader, options.login_key));
    web::Site site(TRY(store::Root::open(options.root)), std::move(login), web::kinds_of_pages());
    std::vector<UniqueFd> sockets;
    for (const std::string& address : options.addresses)
        sockets.push_back(TRY(http::listen(address)));
    size_t files = sys::raise_file_limit();
    http::ServerOptions server_options;
    server_options.allow_connections(files / files_of_a_connection);
    server_options.way = site.way();
    server_options.body_limit = web::git_request_limit;
    server_options.from_memory = [&](const http::Request& request) { return web::dispatch_kept(site, request); };
    server_options.admit = [&](const http::Request& request) { return web::admit(site, request); };
    server_options.refuse = web::busy_page;
    server_options.make_page = [](std::string_view title, std::string_view text) {
        return web::notice({}, 200, title, text);
    };
    server_options.account = [&](const http::Request& request, const http::Response& response,
                                 std::optional<int64_t> cost) { web::account(site, request, response, cost); };
    http::Server server = TRY(http::Server::start(
        std::move(sockets), [&](const http::Request& request) { return web::dispatch(site, request); },
        [&](const http::Arrival& arrival, const http::Claims& claims) { return site.identify(arrival, claims); },
        server_options));
    web::PushWatch push_watch(site.root(), [&] { site.way()->make(); });
    options.readiness.tell();
    TRY(sys::limit_growth(most_memory));
    sys::wait_for_memory();
    // A new configuration is taken up when its file changes: HUP has nothing left to do.
    sys::HeapTrimmer trimmer(usual_memory, growth);
    for (int signal = 0; signal == 0 || signal == SIGHUP;)
        signal = TRY(sys::wait_for_signal({SIGTERM, SIGINT, SIGHUP}, trimmer.look()));
    log_line("stopping");
    return cli::exit_yes;
}

int main(int argc, char** argv) { return cli::run_tool("quire-serve", argc, argv, run); }
