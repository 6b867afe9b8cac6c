#include "init/isolation.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/process_tree.h"
#include "sys/retry.h"

namespace quire::init {

namespace {

constexpr int exit_not_possible = 77;

int wait_for(pid_t pid)
{
    int status = 0;
    if (sys::retry([&] { return ::waitpid(pid, &status, 0); }) < 0)
        return exit_not_possible;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool own_proc()
{
    return ::mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr) == 0 &&
           ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0;
}

} // namespace

Isolation isolate()
{
    // unshare() can't be undone, so a child calls it, and only that child's child is in the new namespace.
    pid_t trier = ::fork();
    if (trier > 0) {
        int status = wait_for(trier);
        if (status != exit_not_possible)
            ::_exit(status);
    }
    if (trier != 0)
        return serve_under_guard();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
        ::_exit(exit_not_possible);
    pid_t first = ::fork();
    if (first != 0)
        ::_exit(first > 0 ? wait_for(first) : exit_not_possible);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!own_proc())
        ::_exit(exit_not_possible);
    return Isolation::pid_namespace;
}

Isolation serve_under_guard()
{
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t server = ::fork();
    if (server <= 0) { // if there can be no guard, go on without one
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        return Isolation::subreaper;
    }
    int status = wait_for(server);
    while (sys::kill_descendants(::getpid()) > 0)
        ::poll(nullptr, 0, 2);
    ::_exit(status);
}

} // namespace quire::init
