#include "sys/process.h"

#include <catch2/catch_test_macros.hpp>

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>

#include "base/strings.h"
#include "support/scratch.h"

using namespace quire;
using namespace quire::sys;

TEST_CASE("run feeds stdin and collects both streams and the status")
{
    Output output = *run({.argv = {"sh", "-c", "cat; echo oops >&2; exit 3"}}, {.input = "hello"});
    CHECK(output.status == 3);
    CHECK(output.out == "hello");
    CHECK(output.err == "oops\n");
}

TEST_CASE("arguments arrive as they are: no shell is involved")
{
    CHECK(*run_ok({.argv = {"printf", "%s|", "a b", "$HOME", "*", "", "'\"\n"}}) == "a b|$HOME|*||'\"\n|");
}

TEST_CASE("more than a pipe holds goes both ways at once")
{
    std::string input(3 << 20, 'x');
    CHECK(*run_ok({.argv = {"cat"}}, {.input = input}) == input);
    // A child that does not want its input is no failure.
    ::signal(SIGPIPE, SIG_IGN);
    CHECK(*run_ok({.argv = {"true"}}, {.input = input}) == "");
}

TEST_CASE("the environment is what the command says and nothing else")
{
    ::setenv("QUIRE_TEST_LEAK", "1", 1);
    Environment environment = {"PATH=/usr/bin:/bin", "A=b=c"};
    CHECK(*run_ok({.argv = {"env"}, .environment = environment}) == "PATH=/usr/bin:/bin\nA=b=c\n");
    CHECK(run_ok({.argv = {"env"}})->find("QUIRE_TEST_LEAK") == std::string::npos);
    CHECK(process_variable("QUIRE_TEST_LEAK") == "1");
    ::unsetenv("QUIRE_TEST_LEAK");
    CHECK_FALSE(process_variable("QUIRE_TEST_LEAK"));
}

TEST_CASE("variables are set once and found by their whole name")
{
    Environment environment = {"AB=1"};
    set_variable(environment, "A", "2");
    set_variable(environment, "A", "3");
    CHECK(environment == Environment{"AB=1", "A=3"});
    CHECK(get_variable(environment, "A") == "3");
    CHECK_FALSE(get_variable(environment, "B"));
    CHECK_FALSE(get_variable(environment, ""));
}

TEST_CASE("a program is looked up in the command's PATH, never in ours or the current directory")
{
    tests::Scratch scratch;
    REQUIRE(append_file(scratch.fd(), "quire-test-program", "#!/bin/sh\necho found\n", 0755));
    auto missing = run({.argv = {"quire-test-program"}});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::not_found);
    CHECK(missing.error().message.find("quire-test-program is not installed") != std::string::npos);
    CHECK(*run_ok({.argv = {"quire-test-program"}, .environment = {"PATH=" + scratch.path()}}) == "found\n");
    CHECK_FALSE(run({.argv = {"quire-test-program"}, .environment = {"PATH=:."}, .directory = scratch.fd()}));
    CHECK(*run_ok({.argv = {"./quire-test-program"}, .directory = scratch.fd()}) == "found\n");
}

TEST_CASE("what can't be executed is an error of the start, not a status")
{
    tests::Scratch scratch;
    REQUIRE(append_file(scratch.fd(), "plain", "text", 0644));
    auto refused = run({.argv = {scratch.path() + "/plain"}});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == EACCES);
    CHECK_FALSE(run({.argv = {scratch.path() + "/nothing"}}));
}

TEST_CASE("a child starts in its directory, with no descriptor that was not named")
{
    tests::Scratch scratch;
    CHECK(*run_ok({.argv = {"pwd"}, .directory = scratch.fd()}) == scratch.path() + "\n");
    UniqueFd leaked = *open_at(scratch.fd(), "f", O_RDWR | O_CREAT);
    std::string listing = *run_ok({.argv = {"ls", "-l", "/proc/self/fd"}});
    CHECK(listing.find(scratch.path()) == std::string::npos);
    Command command{.argv = {"ls", "-l", "/proc/self/fd"}, .inherit = {leaked.get()}};
    CHECK(run_ok(command)->find(scratch.path() + "/f") != std::string::npos);
}

TEST_CASE("a signal's death is 128 and its number")
{
    Pipe pipe = *make_pipe();
    Process child = *spawn({.argv = {"cat"}, .input = pipe.reader.get()});
    REQUIRE(child.signal(SIGKILL));
    CHECK(*child.wait() == 128 + SIGKILL);
    CHECK(child.signal(SIGTERM)); // gone already: no failure
}

TEST_CASE("a child has SIGPIPE as it should be and nothing blocked")
{
    auto before = ::signal(SIGPIPE, SIG_IGN);
    std::string status = *run_ok({.argv = {"cat", "/proc/self/status"}});
    ::signal(SIGPIPE, before);
    CHECK(status.find("SigBlk:\t0000000000000000") != std::string::npos);
    size_t at = status.find("SigIgn:\t");
    REQUIRE(at != std::string::npos);
    CHECK((std::stoull(status.substr(at + 8, 16), nullptr, 16) >> (SIGPIPE - 1) & 1) == 0);
}

TEST_CASE("a new session is one")
{
    std::string ids = *run_ok({.argv = {"sh", "-c", "set -- $(cat /proc/$$/stat); echo $1 $6"}, .new_session = true});
    std::string_view rest = trim(ids);
    std::string_view pid = take_until(rest, ' ');
    CHECK(pid == rest);
}

TEST_CASE("a child gives way to others as far as was asked, and so does what it starts")
{
    struct Case {
        Priority priority;
        int policy, nice;
    };
    int own = ::getpriority(PRIO_PROCESS, 0);
    for (auto [priority, policy, nice] : {Case{Priority::batch, SCHED_BATCH, own},
                                          {Priority::low, SCHED_OTHER, 19},
                                          {Priority::idle, SCHED_IDLE, 19}}) {
        Pipe hold = *make_pipe(), told = *make_pipe();
        Process child = *spawn({.argv = {"sh", "-c", "read line; sh -c 'echo $$; read line'; true"},
                                .input = hold.reader.get(),
                                .output = told.writer.get()});
        child.set_priority(priority);
        REQUIRE(write_all(hold.writer.get(), "\n"));
        char text[16] = {};
        REQUIRE(::read(told.reader.get(), text, sizeof text - 1) > 0);
        pid_t grandchild = std::atoi(text);
        for (pid_t pid : {child.pid(), grandchild}) {
            CHECK(::sched_getscheduler(pid) == policy);
            CHECK(::getpriority(PRIO_PROCESS, static_cast<id_t>(pid)) == nice);
        }
        REQUIRE(write_all(hold.writer.get(), "\n"));
        CHECK(*child.wait() == 0);
    }
}

TEST_CASE("run_ok carries the last line of stderr")
{
    auto failed = run_ok({.argv = {"sh", "-c", "echo first >&2; echo last >&2; exit 2"}});
    REQUIRE_FALSE(failed);
    CHECK(failed.error().kind == ErrorKind::system);
    CHECK(failed.error().message == "sh ended with 2: last");
    CHECK(run_ok({.argv = {"false"}}).error().message == "false ended with 1");
}

TEST_CASE("too much output and too much time end a child")
{
    auto chatty = run({.argv = {"sh", "-c", "exec cat /dev/zero"}}, {.limit = 100'000});
    REQUIRE_FALSE(chatty);
    CHECK(chatty.error().kind == ErrorKind::invalid);
    int64_t start = monotonic_now();
    auto slow = run({.argv = {"sh", "-c", "exec tail -f /dev/null"}}, {.timeout = nanoseconds_per_second / 20});
    REQUIRE_FALSE(slow);
    CHECK(slow.error().kind == ErrorKind::busy);
    CHECK(monotonic_now() - start < 60 * nanoseconds_per_second);
}
