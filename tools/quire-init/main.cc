// quire-init [--isolate | --guard | --seal]: the process that starts all commands of a run. It reads framed requests
// from stdin and answers on stdout (libquire/init/protocol.h), in a container, in bubblewrap, or with one of the first
// two options on the host itself. Static and without name services, because it must run in an image that holds nothing
// else.
//
// quire-init --network-… gives a command a network of its own (libquire/init/network.h).
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include "init/command_group.h"
#include "init/fence.h"
#include "init/isolation.h"
#include "init/network.h"
#include "init/service.h"

namespace {

enum ExitCode { exit_yes = 0, exit_usage = 100, exit_failed = 111 };

constexpr char usage[] =
    "usage: quire-init [--isolate | --guard | --seal] [--group DIRECTORY] [--limits MEMORY PROCESSES CPUS]\n"
    "                  [--most-processes N]\n"
    "       quire-init --fence\n"
    "       quire-init --in-group DIRECTORY COMMAND...\n"
    "       quire-init (--network-inside | --network-named) TRANSLATOR COMMAND...\n"
    "       quire-init --terminal COMMAND...\n"
    "       quire-init --network-behind FENCE-COMMAND... -- COMMAND...\n"
    "quire-ci starts it to run a pipeline's commands; there is nothing in it for a person.\n";

/// Returns the exit code; -1 if the arguments ask for none of these.
int run_with_network(int argc, char** argv)
{
    std::string_view mode = argc > 3 ? argv[1] : "";
    if (mode == "--network-inside")
        return quire::init::run_inside(argv[2], argv + 3);
    if (mode == "--network-named")
        return quire::init::run_named(argv[2], argv + 3);
    if (mode != "--network-behind")
        return -1;
    char** mark = std::find_if(argv + 2, argv + argc, [](const char* word) { return std::strcmp(word, "--") == 0; });
    if (mark == argv + 2 || mark >= argv + argc - 1)
        return -1;
    *mark = nullptr;
    return quire::init::run_behind(argv + 2, mark + 1);
}

/// nullopt if the arguments ask for anything else.
std::optional<quire::init::Service> parse_service(int argc, char** argv)
{
    using Mode = quire::init::Service::Mode;
    quire::init::Service service;
    int at = 1;
    auto number = [&] { return std::strtoull(argv[at++], nullptr, 10); };
    while (at < argc) {
        std::string_view word = argv[at++];
        int left = argc - at;
        if (service.mode == Mode::plain && (word == "--isolate" || word == "--guard" || word == "--seal")) {
            service.mode = word == "--isolate" ? Mode::isolate : word == "--guard" ? Mode::guard : Mode::seal;
        } else if (word == "--group" && left >= 1) {
            service.group = argv[at++];
        } else if (word == "--most-processes" && left >= 1) {
            service.most_processes = static_cast<uint32_t>(number());
        } else if (word == "--limits" && left >= 3) {
            service.limits.memory = number();
            service.limits.processes = static_cast<uint32_t>(number());
            service.limits.cpus = static_cast<uint32_t>(number());
        } else {
            return std::nullopt;
        }
    }
    return service;
}

int run_in_group(const char* directory, char** command)
{
    if (quire::init::enter_group(directory))
        ::execv(command[0], command);
    std::fprintf(stderr, "quire-init: cannot start %s in %s: %s\n", command[0], directory, std::strerror(errno));
    return exit_failed;
}

int serve_fence()
{
    if (quire::init::Fence::serve(0, 1))
        return exit_yes;
    std::fprintf(stderr, "quire-init: cannot keep a container from this machine's addresses: %s\n",
                 std::strerror(errno));
    return exit_failed;
}

} // namespace

int main(int argc, char** argv)
{
    auto is_option = [&](const char* name) { return argc == 2 && std::strcmp(argv[1], name) == 0; };
    if (is_option("--help")) {
        std::fputs(usage, stdout);
        return exit_yes;
    }
    if (is_option("--version")) {
        std::puts("quire-init " QUIRE_VERSION);
        return exit_yes;
    }
    if (argc > 2 && std::strcmp(argv[1], "--terminal") == 0)
        return quire::init::run_for_person(argv + 2);
    if (argc > 3 && std::strcmp(argv[1], "--in-group") == 0)
        return run_in_group(argv[2], argv + 3);
    ::signal(SIGPIPE, SIG_IGN);
    if (int code = run_with_network(argc, argv); code >= 0)
        return code;
    if (is_option("--fence"))
        return serve_fence();
    auto service = parse_service(argc, argv);
    if (!service) {
        std::fputs(usage, stderr);
        return exit_usage;
    }
    return quire::init::serve(*service);
}
