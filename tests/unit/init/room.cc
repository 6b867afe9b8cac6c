// How many processes the kernel lets a place have. Each question is a child's, because limits stay, and not root's, to
// whom the kernel refuses nothing.
#include "init/room.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "sys/file.h"

using namespace quire;

namespace {

constexpr uid_t somebody = 64'321;
constexpr int no_answer = 255;

int wait_for(pid_t child)
{
    int status = 0;
    bool is_there = child > 0 && ::waitpid(child, &status, 0) == child;
    return is_there && WIFEXITED(status) ? WEXITSTATUS(status) : no_answer;
}

int ask(const std::function<int()>& question)
{
    pid_t child = ::fork();
    if (child != 0)
        return wait_for(child);
    bool is_root = ::geteuid() == 0;
    if (is_root && (::setresgid(somebody, somebody, somebody) < 0 || ::setresuid(somebody, somebody, somebody) < 0))
        ::_exit(no_answer);
    ::prctl(PR_SET_DUMPABLE, 1); // else /proc/self is root's
    ::_exit(question());
}

bool tell_self(const char* name, const std::string& text)
{
    auto file = sys::open_at(AT_FDCWD, fmt::format("/proc/self/{}", name), O_WRONLY);
    return file && sys::write_all(file->get(), text).has_value();
}

/// Asks the first process of user and PID namespaces. What it starts ends with it.
int ask_first(const std::function<int()>& question)
{
    std::string user = fmt::format("0 {} 1", ::geteuid()), group = fmt::format("0 {} 1", ::getegid());
    pid_t child = static_cast<pid_t>(
        ::syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWPID | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
    if (child != 0)
        return wait_for(child);
    // Who has no number there may make no namespaces within.
    bool is_known = tell_self("uid_map", user) && tell_self("setgroups", "deny") && tell_self("gid_map", group);
    ::_exit(is_known ? question() : no_answer);
}

/// How many children one may have, up to `most`.
int count_children(int most)
{
    int count = 0;
    for (pid_t child = 0; count < most; ++count) {
        child = ::fork();
        if (child < 0)
            break;
        if (child == 0) {
            ::pause();
            ::_exit(0);
        }
    }
    return count;
}

rlimit processes_limit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NPROC, &limit);
    return limit;
}

} // namespace

static void need_namespaces()
{
    if (ask([] { return ask_first([] { return 1; }); }) != 1)
        SKIP("this machine gives a user who is not root no namespaces");
}

TEST_CASE("a place of its own has as many processes as it may, and can't have more")
{
    need_namespaces();
    auto limited = [](const std::function<int()>& question) {
        return ask([&] { return ask_first([&] { return init::keep_to_processes(20) ? question() : no_answer; }); });
    };
    CHECK(limited([] { return count_children(50); }) == 19); // and itself
    CHECK(limited([] { return ask_first([] { return count_children(50); }); }) == 18);
    CHECK(limited([] {
              rlimit more{.rlim_cur = 20, .rlim_max = 21};
              return ::setrlimit(RLIMIT_NPROC, &more) < 0 ? 1 : 0;
          }) == 1);
    // Neither from a namespace within, whose first process has all capabilities there.
    CHECK(limited([] {
              return ask_first([] {
                  rlimit more{.rlim_cur = 100, .rlim_max = 100};
                  return ::setrlimit(RLIMIT_NPROC, &more) < 0 ? count_children(50) : no_answer;
              });
          }) == 18);
}

TEST_CASE("a lower limit than that stays")
{
    need_namespaces();
    auto lower = [] {
        rlimit low{.rlim_cur = 10, .rlim_max = 12};
        ::setrlimit(RLIMIT_NPROC, &low);
        bool is_kept = init::keep_to_processes(20);
        rlimit now = processes_limit();
        return is_kept && now.rlim_cur == 10 && now.rlim_max == 12 ? 1 : 0;
    };
    CHECK(ask([&] { return ask_first(lower); }) == 1);
}

TEST_CASE("nobody is limited by what else the user runs")
{
    need_namespaces();
    auto beside_others = [] {
        rlimit before = processes_limit();
        count_children(2);
        bool is_kept = init::keep_to_processes(20);
        rlimit now = processes_limit();
        return !is_kept && now.rlim_cur == before.rlim_cur && now.rlim_max == before.rlim_max ? 1 : 0;
    };
    CHECK(ask([&] { return ask_first(beside_others); }) == 1);
}

TEST_CASE("what the kernel holds leaves room for what is not the job's")
{
    CHECK(init::processes_to_enforce(8) == 72);
    CHECK(init::processes_to_enforce(0) == 4096);
}
