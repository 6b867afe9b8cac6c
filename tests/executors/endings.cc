// How commands are stopped, and that nothing of a run survives it.
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"
#include "base/time.h"
#include "ci/executors/survivors.h"
#include "executors/fixture.h"

using namespace quire;
using namespace quire::ci;
using namespace quire::tests;
using End = CommandResult::End;

constexpr int64_t second = nanoseconds_per_second;
constexpr int patience = 20; // seconds

TEST_CASE("a timeout ends a command with TERM, and one that ignores it with KILL after the grace period")
{
    World world;
    auto polite = world.run({.job = "j",
                             .argv = shell_argv("trap 'echo bye; exit 7' TERM; echo hi; sleep 100 & wait"),
                             .timeout = second / 5});
    CHECK(polite->result.end == End::timed_out);
    CHECK(polite->result.exit == 124);
    CHECK(polite->result.reason == "timed out after 0.2 s");
    CHECK(polite->out == "hi\nbye\n");

    int64_t began = monotonic_now();
    auto stubborn = world.run(
        {.job = "j", .argv = shell_argv("trap '' TERM; echo hi; while :; do sleep 100; done"), .timeout = second / 5});
    CHECK(stubborn->result.end == End::timed_out);
    CHECK(stubborn->out == "hi\n");
    CHECK(monotonic_now() - began >= second * 2 / 5); // its time and the grace period
    CHECK(monotonic_now() - began < patience * second);
    CHECK(world.run({.job = "j", .argv = {"true"}, .timeout = 10 * second})->result.end == End::exited);
}

TEST_CASE("a canceled command ends, others go on; canceling one that has finished is nothing")
{
    World world;
    Recorder canceled, other;
    CommandId id = world.start(canceled, {.job = "a", .argv = shell_argv("echo up; sleep 1000")});
    CommandId other_id = world.start(
        other, {.job = "a", .argv = shell_argv("echo up; until [ -e go ]; do sleep 0.02; done; echo done")});
    world.wait_for([&] { return !canceled.out.empty() && !other.out.empty(); }, "both");
    world.cancel(id);
    world.wait_for([&] { return canceled.times_finished > 0; }, "the end");
    CHECK(canceled.result.end == End::canceled);
    CHECK(canceled.result.exit == 143);
    CHECK(canceled.result.reason == "canceled");
    CHECK(other.times_finished == 0);
    world.shell("touch go");
    world.wait_for([&] { return other.times_finished > 0; }, "the other");
    CHECK(other.result.exit == 0);
    CHECK(other.out == "up\ndone\n");
    world.cancel(other_id);
    world.cancel(4711);
    CHECK(world.shell("echo well")->out == "well\n");
    CHECK(canceled.times_finished == 1);
}

TEST_CASE("a grandchild that holds the pipe does not hold the run, and lives until its job ends")
{
    Limits limits = World::quick_limits();
    World world(limits);
    LifeLine line(world.workspace(), "line");
    int64_t began = monotonic_now();
    auto command = world.shell("(exec 9>line; echo x >&9; exec sleep 1000) & echo started");
    CHECK(command->result.end == End::exited);
    CHECK(command->result.exit == 0);
    CHECK(command->out == "started\n");
    CHECK(monotonic_now() - began < patience * second);
    world.wait_for([&] { return line.was_taken(); }, "the grandchild");
    CHECK(line.is_held());
    world.end_job("job");
    CHECK(line.released_within(0));
}

TEST_CASE("one that goes on writing is drained for so long and no longer, and is not killed by that")
{
    Limits limits = World::quick_limits();
    limits.drain_longest = second / 2;
    World world(limits);
    LifeLine line(world.workspace(), "line");
    auto command = world.shell("(exec 9>line; echo x >&9; while :; do echo tick; sleep 0.01; done) & echo started");
    CHECK(command->result.exit == 0);
    CHECK(command->out.find("tick\n") != std::string::npos);
    size_t ticks = command->out.size();
    CHECK(world.shell("sleep 0.2; echo still")->out == "still\n");
    CHECK(command->out.size() == ticks); // nothing comes after finished()
    CHECK(line.is_held());
    world.end_job("job");
    CHECK(line.released_within(0));
}

TEST_CASE("nothing that a job started survives its end: daemons of every kind")
{
    World world;
    LifeLine line(world.workspace(), "line"), other(world.workspace(), "other");
    REQUIRE(
        world.shell("(setsid sh -c 'exec 9>other; echo x >&9; exec sleep 1000' >/dev/null 2>&1 &)", "b")->result.exit ==
        0);
    REQUIRE(world.shell(leave_daemons("line"), "a")->result.exit == 0);
    world.wait_for([&] { return line.was_taken() && other.was_taken(); }, "daemons");
    CHECK(line.is_held());
    world.end_job("a");
    CHECK(line.released_within(0));
    CHECK(other.is_held()); // another job's
    world.end_job("b");
    CHECK(other.released_within(0));
    world.end_job("never started");
}

TEST_CASE("nothing survives a timeout either: what the command left is ended with it")
{
    World world;
    LifeLine line(world.workspace(), "line");
    auto command =
        world.run({.job = "j", .argv = shell_argv(leave_daemons("line") + "sleep 1000"), .timeout = second / 2});
    CHECK(command->result.end == End::timed_out);
    CHECK(line.was_taken());
    CHECK(line.released_within(0));
}

TEST_CASE("a fork bomb of a kind is outrun")
{
    World world;
    LifeLine line(world.workspace(), "line");
    // Each process starts the next and leaves: by the time one is seen it is gone.
    Recorder command;
    world.start(command, {.job = "bomb",
                          .argv = shell_argv("exec 9>line; echo x >&9\n"
                                             "f() { (f &) ; sleep 0.01; }\n f; sleep 1000")});
    world.wait_for([&] { return line.was_taken(); }, "the bomb");
    world.end_job("bomb");
    CHECK(line.released_within(0));
    CHECK(command.result.end == End::canceled);
    CHECK(command.result.reason == "ended with its job");
}

TEST_CASE("closing ends everything, and the helper with it")
{
    World world;
    LifeLine held(world.workspace(), "line");
    Recorder running;
    REQUIRE(world.shell(leave_daemons("line"))->result.exit == 0);
    world.start(running, {.job = "r", .argv = shell_argv("echo up; sleep 1000")});
    world.wait_for([&] { return running.out == "up\n" && held.was_taken(); }, "the running one");
    world.close();
    CHECK(running.times_finished == 1);
    CHECK(running.result.end == End::canceled);
    CHECK(held.released_within(0));
    CHECK_FALSE(has_survivors(world.run_id()));
}

TEST_CASE("closing at once, before anything is up, works too")
{
    World world;
    Recorder early;
    world.start(early, {.job = "e", .argv = shell_argv("sleep 1000")});
    world.close();
    CHECK(early.times_finished == 1);
    CHECK(early.result.end != End::exited);
    CHECK_FALSE(has_survivors(world.run_id()));
}

TEST_CASE("when the helper dies, commands are lost with a reason, and nothing is left")
{
    World world;
    LifeLine line(world.workspace(), "line");
    Recorder running;
    REQUIRE(world.shell(leave_daemons("line"))->result.exit == 0);
    world.start(running, {.job = "r", .argv = shell_argv("echo up; sleep 1000")});
    world.wait_for([&] { return running.out == "up\n" && line.was_taken(); }, "the running one");
    world.kill_helper();
    world.wait_for([&] { return running.times_finished > 0; }, "the loss");
    CHECK(running.result.end == End::lost);
    CHECK(running.result.exit == 125);
    CHECK_FALSE(running.result.reason.empty());
    CHECK(line.released_within(patience));
    Recorder late;
    world.start(late, {.job = "r", .argv = {"true"}});
    world.wait_for([&] { return late.times_finished > 0; }, "the late one");
    CHECK(late.result.end == End::lost);
    CHECK(late.result.reason == running.result.reason);
}

TEST_CASE("when we are killed, nothing is left either")
{
    Scratch scratch;
    ::chmod(scratch.path().c_str(), 0777);
    LifeLine line(scratch.path(), "line");
    std::string run = unique_run();
    Confinement confinement = make_confinement(scratch.path(), run);
    pid_t child = ::fork();
    if (child == 0) { // a quire-ci of its own, killed while it waits
        sys::Loop loop;
        Executor executor(loop, confinement);
        Recorder daemons, running;
        executor.start({.job = "d", .argv = shell_argv(leave_daemons("line"))}, daemons);
        executor.start({.job = "r", .argv = shell_argv("exec 9>line; echo x >&9; sleep 1000")}, running);
        (void)loop.run_until([] { return false; });
        ::_exit(0);
    }
    int64_t until = monotonic_now() + patience * second;
    while (!line.was_taken() && monotonic_now() < until)
        ::poll(nullptr, 0, 5);
    REQUIRE(line.was_taken());
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(line.released_within(patience));
    while (has_survivors(run) && monotonic_now() < until)
        ::poll(nullptr, 0, 5);
    CHECK_FALSE(has_survivors(run));
}

TEST_CASE(
    "a place that was closed in order has nothing that lives, and a sealed one had no calls of the file system's own")
{
    bool can_seal = executor_kind() == "bwrap" || executor_kind() == "container";
    World sealed(World::quick_limits(), Network::on, Seal::yes);
    auto status = sealed.shell("cat /proc/self/status; sleep 1000 &");
    if (can_seal) {
        CHECK(status->out.find("NoNewPrivs:\t1\n") != std::string::npos);
        CHECK(status->out.find("Seccomp:\t2\n") != std::string::npos);
    }
    CHECK(sealed.close() == (can_seal ? Aftermath::sealed : Aftermath::over));
    World open;
    open.shell("true");
    CHECK(open.close() == Aftermath::over);
}

TEST_CASE("of a place whose helper was killed, or never came up, nothing is known")
{
    World world(World::quick_limits(), Network::on, Seal::yes);
    Recorder running;
    world.start(running, {.job = "r", .argv = shell_argv("echo up; sleep 1000")});
    world.wait_for([&] { return running.out == "up\n"; }, "the running one");
    world.kill_helper();
    world.wait_for([&] { return running.times_finished > 0; }, "its loss");
    CHECK(world.close() == Aftermath::unsure);
    sys::Loop loop;
    Executor missing(loop, Confinement{.argv = {"/nonexistent/quire-init"}});
    bool done = false;
    missing.close([&] { done = true; });
    world.wait_for([&] { return loop.turn(1'000'000).has_value() && done; }, "one that never came up");
    CHECK(missing.aftermath() == Aftermath::unsure);
}
