#include "sys/self.h"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/file.h"

using namespace quire;

/// Runs `body` in a child, whose exit code says which of its checks failed first; 0 is none.
template <class Body>
static int in_child(Body body)
{
    pid_t pid = ::fork();
    if (pid == 0)
        ::_exit(body());
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

TEST_CASE("what a process inherited is made ordinary")
{
    int code = in_child([] {
        ::signal(SIGCHLD, SIG_IGN);
        ::signal(SIGHUP, SIG_IGN);
        sigset_t blocked;
        ::sigemptyset(&blocked);
        ::sigaddset(&blocked, SIGTERM);
        ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
        int stray = ::open("/dev/null", O_RDONLY);
        ::close(0);
        ::umask(0);
        if (!sys::reset_inherited(027))
            return 1;
        if (::fcntl(0, F_GETFD) < 0)
            return 2;
        if ((::fcntl(stray, F_GETFD) & FD_CLOEXEC) == 0)
            return 3;
        struct sigaction action{};
        ::sigaction(SIGCHLD, nullptr, &action);
        if (action.sa_handler != SIG_DFL)
            return 4;
        ::sigprocmask(SIG_BLOCK, nullptr, &blocked);
        if (::sigismember(&blocked, SIGTERM) != 0)
            return 5;
        return ::umask(0) == 027 ? 0 : 6;
    });
    CHECK(code == 0);
}

TEST_CASE("a program knows its own directory")
{
    std::string directory = sys::program_directory().value();
    CHECK(directory.starts_with('/'));
    CHECK(sys::is_executable_file(AT_FDCWD, directory + "/unit_sys"));
}

TEST_CASE("an entered directory stays the same when its name moves on")
{
    int code = in_child([] {
        std::string path = "/tmp/quire-self-" + std::to_string(::getpid());
        if (!sys::make_directory(AT_FDCWD, path))
            return 1;
        UniqueFd directory = sys::open_directory(AT_FDCWD, path).value();
        bool entered = sys::enter_directory(directory.get()).has_value();
        bool moved = sys::rename_at(AT_FDCWD, path, AT_FDCWD, path + ".moved").has_value();
        bool follows = sys::current_directory().value() == path + ".moved";
        (void)sys::remove_directory(AT_FDCWD, path + ".moved");
        return entered && moved && follows ? 0 : 2;
    });
    CHECK(code == 0);
}
