#include "init/isolation.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
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
    // unshare() can't be undone, and fork() knows no namespaces. There is one thread, so the system call is enough.
    pid_t first = static_cast<pid_t>(
        ::syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
    if (first > 0) {
        int status = wait_for(first);
        if (status != exit_not_possible)
            ::_exit(status);
    }
    if (first != 0)
        return serve_under_guard();
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

int run_for_person(char** argv)
{
    constexpr int exit_not_found = 127;
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t person = ::fork();
    if (person == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGHUP);
        ::setsid();
        (void)::ioctl(0, TIOCSCTTY, 0); // fails where there is no terminal
        ::execvp(argv[0], argv);
        ::_exit(exit_not_found);
    }
    int status = person < 0 ? exit_not_possible : wait_for(person);
    while (sys::kill_descendants(::getpid()) > 0)
        ::poll(nullptr, 0, 2);
    while (::waitpid(-1, nullptr, WNOHANG) > 0) // the machine's init may take its time
        ;
    return status;
}

} // namespace quire::init
