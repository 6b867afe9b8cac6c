#include "sys/self.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sys/file.h"

namespace quire::sys {

static Result<void> open_standard_streams()
{
    for (int fd = 0; fd <= 2; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0)
            continue;
        // open() returns the lowest free number, which is this one: those below it are open.
        if (::open("/dev/null", O_RDWR) != fd)
            return fail_errno("open /dev/null");
    }
    return {};
}

Result<void> reset_inherited(mode_t mask)
{
    TRY(open_standard_streams());
    // A container's seccomp profile may forbid it. The descriptors then come from our parent, not from a stranger.
    (void)::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    // The signals that a shell, nohup or a supervisor may leave ignored. run_tool sets PIPE, and exec() restores it.
    for (int number : {SIGHUP, SIGINT, SIGQUIT, SIGALRM, SIGTERM, SIGCHLD, SIGUSR1, SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU})
        ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::umask(mask);
    return {};
}

pid_t process_id() { return ::getpid(); }

uid_t user_id() { return ::geteuid(); }

gid_t group_id() { return ::getegid(); }

Result<std::string> program_directory()
{
    std::string program = TRY(read_link(AT_FDCWD, "/proc/self/exe"));
    return program.substr(0, program.rfind('/'));
}

Result<void> enter_directory(int fd)
{
    if (::fchdir(fd) < 0)
        return fail_errno("enter a directory");
    return {};
}

Result<std::string> boot_id()
{
    std::string id = TRY(read_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id", 100));
    return id.substr(0, id.find('\n'));
}

Instant booted_at()
{
    struct timespec up{};
    ::clock_gettime(CLOCK_BOOTTIME, &up);
    return now() - (up.tv_sec * nanoseconds_per_second + up.tv_nsec);
}

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

} // namespace quire::sys
