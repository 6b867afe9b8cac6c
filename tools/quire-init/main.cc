// quire-init [--isolate | --guard]: the process above all commands of a run. It takes framed requests on stdin and
// answers on stdout (libquire/init/protocol.h), in a container, inside bubblewrap, or with an option on the host
// itself. Static and without name services: it must run in an image that holds nothing else.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "init/isolation.h"
#include "init/server.h"

namespace {

enum ExitCode { exit_yes = 0, exit_usage = 100 };

constexpr char usage[] = "usage: quire-init [--isolate | --guard]\n"
                         "quire-ci starts it to run a pipeline's commands; there is nothing in it for a person.\n";

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
    if (argc > 1 && !is_option("--isolate") && !is_option("--guard")) {
        std::fputs(usage, stderr);
        return exit_usage;
    }
    ::signal(SIGPIPE, SIG_IGN);
    auto isolation = quire::init::Isolation::subreaper;
    if (is_option("--isolate"))
        isolation = quire::init::isolate();
    else if (is_option("--guard"))
        isolation = quire::init::serve_under_guard();
    else if (::getpid() == 1)
        isolation = quire::init::Isolation::pid_namespace;
    else
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::signal(SIGCHLD, SIG_IGN);  // keepers and orphans need no one to wait for them
    ::prctl(PR_SET_DUMPABLE, 0); // no command may look into us, or open our ends of the pipes
    if (quire::init::Server(0, 1, isolation).serve())
        return exit_yes;
    std::fputs("quire-init: what came on stdin is no request\n", stderr);
    return exit_usage;
}
