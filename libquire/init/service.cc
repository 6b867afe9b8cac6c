#include "init/service.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <optional>

#include "init/command_group.h"
#include "init/isolation.h"
#include "init/seal.h"
#include "init/server.h"

namespace quire::init {

namespace {

enum ExitCode { exit_yes = 0, exit_usage = 100 };

/// The group that it was given, else one that is ours alone.
std::optional<CommandGroup> find_group(const char* given)
{
    bool is_first = ::getpid() == 1;
    if (given)
        return CommandGroup::of_job(given, !is_first); // a sandbox is in it as a whole
    // On the host the group is the runner's or a person's, with everything else that they do.
    return is_first ? CommandGroup::find(1) : std::nullopt;
}

struct Kept {
    RoomLimits limits;
    std::optional<CommandGroup> group;
};

int serve_isolated(void* context, Isolation isolation)
{
    Kept& kept = *static_cast<Kept*>(context);
    ::signal(SIGCHLD, SIG_IGN);  // nobody needs to wait for keepers and orphans
    ::prctl(PR_SET_DUMPABLE, 0); // commands can't inspect us or open our ends of the pipes
    if (Server(0, 1, isolation, kept.limits, std::move(kept.group)).serve())
        return exit_yes;
    std::fputs("quire-init: what came on stdin is no request\n", stderr);
    return exit_usage;
}

/// Where somebody else has isolated us: in a sandbox or container.
Isolation found_isolation(bool wants_seal)
{
    if (::getpid() == 1)
        return wants_seal && seal() ? Isolation::sealed : Isolation::pid_namespace;
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    return Isolation::subreaper;
}

} // namespace

int serve(const Service& service)
{
    keep_to_cpus(service.limits.cpus);
    if (service.most_processes != 0)
        keep_to_processes(service.most_processes); // where it can't, we look ourselves
    Kept kept{service.limits, find_group(service.group)};
    switch (service.mode) {
    case Service::Mode::isolate:
        return isolate(serve_isolated, &kept);
    case Service::Mode::guard:
        return serve_under_guard(serve_isolated, &kept);
    case Service::Mode::plain:
    case Service::Mode::seal:
        break;
    }
    return serve_isolated(&kept, found_isolation(service.mode == Service::Mode::seal));
}

} // namespace quire::init
