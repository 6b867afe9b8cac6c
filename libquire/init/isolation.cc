#include "init/isolation.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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

struct First {
    Serve serve;
    void* context;
};

int be_first(void* what)
{
    First first = *static_cast<First*>(what);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return own_proc() ? first.serve(first.context, Isolation::pid_namespace) : exit_not_possible;
}

/// The first process of a PID namespace. It shares its memory with us, who only wait for it: to copy ours took a
/// tenth of a millisecond. So it needs a stack of its own. -1 if the kernel refuses.
pid_t start_first(First& first)
{
    constexpr size_t stack_size = 1 << 20; // of which it takes what it touches
    void* stack = ::mmap(nullptr, stack_size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED)
        return -1;
    // unshare() can't be undone, and fork() knows no namespaces.
    return ::clone(be_first, static_cast<char*>(stack) + stack_size, CLONE_NEWPID | CLONE_NEWNS | CLONE_VM | SIGCHLD,
                   &first);
}

} // namespace

int isolate(Serve serve, void* context)
{
    First first{serve, context};
    pid_t pid = start_first(first);
    int status = pid > 0 ? wait_for(pid) : exit_not_possible;
    if (status != exit_not_possible)
        ::_exit(status); // one that was killed may have left our memory in any state
    return serve_under_guard(serve, context);
}

int serve_under_guard(Serve serve, void* context)
{
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t server = ::fork(); // with memory of its own: the guard needs sound memory whenever the server is killed
    if (server <= 0) {       // if there can be no guard, go on without one
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        int status = serve(context, Isolation::subreaper);
        if (server == 0)
            ::_exit(status);
        return status;
    }
    int status = wait_for(server);
    while (sys::kill_descendants(::getpid()) > 0)
        ::poll(nullptr, 0, 2);
    return status;
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
