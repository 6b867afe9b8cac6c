// quire-runner: runs queued runs, completes pushes whose hooks died, and works on tasks. quire-runner(8).
#include "cli/options.h"
#include "cli/tool.h"
#include "runner/runner.h"
#include "store/replica.h"
#include "sys/ready.h"
#include "sys/self.h"

using namespace quire;

constexpr std::string_view usage_head =
    "usage: quire-runner [--root DIR] [--once] [--ready-fd N]\n"
    "\n"
    "Works on one data root until it is told to end (TERM). Meant to be kept alive by s6 or\n"
    "systemd; a second one on the same root is refused.\n"
    "\n";

constexpr cli::Flag flags[] = {
    {"root", "DIR", "the data root; QUIRE_ROOT or /var/quire unless given"},
    {"once", nullptr, "work until nothing is left to do, and end"},
    {"ready-fd", "N", "write a line to this open descriptor once the root is its own, for s6"},
};

static Result<int> body(const cli::Arguments& arguments)
{
    if (TRY(cli::answered_help(arguments, std::string(usage_head) + cli::describe_flags(flags))))
        return 0;
    cli::Options options = TRY(cli::Options::parse("quire-runner", flags, {0, 0}, arguments));
    sys::Readiness readiness = TRY(sys::Readiness::take(options.value("ready-fd")));
    store::Root root = TRY(store::Root::open(store::Root::choose(options.value("root"))));
    TRY(store::refuse_on_replica(root, "nothing is run here"));
    auto runner = TRY(runner::Runner::create(std::move(root), TRY(sys::program_directory())));
    readiness.tell();
    TRY(options.has("once") ? runner->run_once() : runner->run());
    return 0;
}

int main(int argc, char** argv) { return cli::run_tool("quire-runner", argc, argv, body); }
