// What the executors keep apart: the helper from the commands, and, inside bubblewrap and containers, the rest of the
// machine.
#include <sys/stat.h>

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"
#include "ci/executors/containers.h"
#include "executors/fixture.h"

using namespace quire;
using namespace quire::ci;
using namespace quire::tests;
using End = CommandResult::End;

static bool is_sandbox() { return executor_kind() == "bwrap" || executor_kind() == "container"; }

TEST_CASE("commands don't inherit descriptors of ours, of the helper or of each other")
{
    Recorder sleeper; // outlives the world, which ends it
    World world;
    world.start(sleeper, {.job = "s", .argv = shell_argv("echo up; sleep 1000")});
    world.wait_for([&] { return !sleeper.out.empty(); }, "the sleeper");
    auto command = world.shell("for f in /proc/$$/fd/*; do printf '%s ' ${f##*/}; readlink $f || echo; done");
    for (std::string_view line : split(trim(command->out), '\n')) {
        std::string_view fd = take_until(line, ' ');
        INFO(fd << " is " << line);
        if (fd == "0")
            CHECK(line == "/dev/null");
        else if (fd != "1" && fd != "2")
            CHECK(line.find("pipe") == std::string_view::npos);
    }
}

TEST_CASE("a command can't write into the helper's answers")
{
    World world;
    if (!is_sandbox()) // the operator's own rights reach everything: nothing to show on the host
        return;
    auto command = world.shell("printf 'forged forged forged' > /proc/1/fd/1; echo $?");
    CHECK(trim(command->out) != "0");
    CHECK(world.shell("echo fine")->out == "fine\n");
}

TEST_CASE("jobs see processes of their own run only, where there is a PID namespace")
{
    World world;
    if (executor_kind() == "subreaper")
        return;
    auto command = world.shell("cat /proc/1/comm");
    CHECK(command->out == "quire-init\n");
}

TEST_CASE("the rest of the machine is not there in a sandbox")
{
    if (!is_sandbox())
        return;
    Scratch secret;
    REQUIRE(sys::append_file(secret.fd(), "config.fnl", "{:secrets {}}").has_value());
    ::chmod(secret.path().c_str(), 0755);
    World world;
    CHECK(world.shell("cat " + secret.path() + "/config.fnl")->result.exit != 0);
    CHECK(world.shell("ls -A $HOME/.ssh /etc/shadow /etc/ssh 2>/dev/null")->out == "");
    // Written to the workspace: there. Written elsewhere: gone with the sandbox.
    world.shell("echo kept > kept; echo lost > /tmp/quire-test-lost");
    CHECK(world.file("kept") == "kept\n");
    CHECK_FALSE(sys::exists(AT_FDCWD, "/tmp/quire-test-lost"));
}

TEST_CASE("the network can be cut off, or that is refused")
{
    if (!is_sandbox()) {
        Setting setting;
        setting.network = Network::off;
        auto confinement = host_confinement(setting);
        REQUIRE_FALSE(confinement.has_value());
        CHECK(confinement.error().kind == ErrorKind::refused);
        return;
    }
    World world(World::quick_limits(), Network::off);
    // Two lines of headings, and the loopback interface.
    CHECK(world.shell("wc -l < /proc/net/dev")->out == "3\n");
}

TEST_CASE("what can't be started is a loss with the reason, for every command")
{
    Confinement confinement;
    confinement.argv = {"/nowhere/quire-init"};
    confinement.directory = "/";
    sys::Loop loop;
    Executor executor(loop, confinement);
    Recorder command;
    executor.start({.job = "j", .argv = {"true"}}, command);
    CHECK(command.times_finished == 0); // never out of start()
    REQUIRE(loop.run_until([&] { return command.times_finished > 0; }).has_value());
    CHECK(command.result.end == End::no_place);
    CHECK(command.result.reason == "start /nowhere/quire-init: No such file or directory");
    bool closed = false;
    executor.close([&] { closed = true; });
    REQUIRE(loop.run_until([&] { return closed; }).has_value());
}

TEST_CASE("what speaks another language than quire-init is a loss, not a hang")
{
    Confinement confinement;
    confinement.argv = {"/bin/sh", "-c", "echo this is no frame at all; exec sleep 1000"};
    confinement.environment = sys::base_environment();
    confinement.directory = "/";
    sys::Loop loop;
    Executor executor(loop, confinement);
    Recorder command;
    executor.start({.job = "j", .argv = {"true"}}, command);
    REQUIRE(loop.run_until([&] { return command.times_finished > 0; }).has_value());
    CHECK(command.result.end == End::no_place);
    CHECK(command.result.reason == "quire-init sent what is no frame");
}

TEST_CASE("a container that its engine could not remove is removed, and again when the engine refuses")
{
    Scratch scratch;
    REQUIRE(sys::append_file(scratch.fd(), "remove",
                             "echo x >> tries\n[ $(wc -l < tries) -ge 3 ] || { echo busy >&2; exit 125; }\n")
                .has_value());
    Confinement confinement;
    confinement.environment = sys::base_environment();
    confinement.directory = scratch.path();
    confinement.start_directory = scratch.path();
    confinement.cleanup = {"/bin/sh", "-c", fmt::format("cd {} && . ./remove", scratch.path())};
    for (const char* said : {"", "echo could not remove it >&2"}) {
        INFO(said);
        confinement.argv = {"/bin/sh", "-c", fmt::format("{} --guard; {}", QUIRE_INIT_PATH, said)};
        sys::Loop loop;
        Executor executor(loop, confinement);
        Recorder command;
        executor.start({.job = "j", .argv = {"true"}}, command);
        REQUIRE(loop.run_until([&] { return command.times_finished > 0; }).has_value());
        CHECK(command.result.exit == 0);
        bool closed = false;
        executor.close([&] { closed = true; });
        REQUIRE(loop.run_until([&] { return closed; }).has_value());
        std::string tries = sys::read_file(scratch.fd(), "tries").value_or("");
        CHECK(tries == (*said ? "x\nx\nx\n" : ""));
    }
}

TEST_CASE("an image that is not there is a loss with the engine's own words, and containers go")
{
    if (executor_kind() != "container")
        return;
    auto found = find_engine(sys::process_variable("QUIRE_TEST_ENGINE").value_or(""));
    INFO((found ? "" : found.error().message));
    REQUIRE(found.has_value());
    std::string engine = *found;
    {
        Scratch scratch;
        Setting setting;
        setting.run = unique_run();
        setting.workspace = scratch.path();
        setting.helper = QUIRE_INIT_PATH;
        setting.network = Network::off;
        auto confinement = container_confinement(setting, {engine, "localhost/quire-no-such-image:never"});
        INFO((confinement ? "" : confinement.error().message));
        REQUIRE(confinement.has_value());
        sys::Loop loop;
        Executor executor(loop, *confinement);
        Recorder command;
        executor.start({.job = "j", .argv = {"true"}}, command);
        REQUIRE(loop.run_until([&] { return command.times_finished > 0; }).has_value());
        CHECK(command.result.end == End::no_place);
        CHECK(command.result.reason.starts_with("image 'localhost/quire-no-such-image:never' could not be pulled: "));
    }
    std::string run;
    {
        World world;
        run = world.run_id();
        REQUIRE(world.shell("true")->result.exit == 0);
        std::vector<std::string> runs = list_containers(engine).value();
        CHECK(std::find(runs.begin(), runs.end(), run) != runs.end());
    }
    std::vector<std::string> runs = list_containers(engine).value();
    CHECK(std::find(runs.begin(), runs.end(), run) == runs.end());
    // And whoever cleans up after a crash can remove one that runs.
    World world;
    LifeLine line(world.workspace(), "line");
    Recorder command;
    world.start(command, {.job = "j", .argv = shell_argv("exec 9>line; echo x >&9; sleep 1000")});
    world.wait_for([&] { return line.was_taken(); }, "the command");
    REQUIRE(remove_containers(engine, world.run_id()).has_value());
    CHECK(line.released_within(0));
    world.wait_for([&] { return command.times_finished > 0; }, "the loss");
    CHECK(command.result.end == End::lost);
    REQUIRE(remove_containers(engine, world.run_id()).has_value());
}

TEST_CASE("a run has as many containers as it has images, all of them found by its marker")
{
    if (executor_kind() != "container")
        return;
    std::string engine = find_engine(sys::process_variable("QUIRE_TEST_ENGINE").value_or("")).value();
    Scratch scratch;
    std::string run = unique_run() + "_n3"; // nothing of a name is taken for a number
    sys::Loop loop;
    Recorder first, second;
    auto confinement = [&](int number) {
        return container_confinement({.run = run, .workspace = scratch.path(), .helper = QUIRE_INIT_PATH},
                                     {engine, sys::process_variable("QUIRE_TEST_IMAGE").value_or(""), number})
            .value();
    };
    Executor one(loop, confinement(0)), other(loop, confinement(7));
    for (auto [executor, recorder] : {std::pair(&one, &first), std::pair(&other, &second)})
        executor->start({.job = "j", .argv = shell_argv("echo up; sleep 1000")}, *recorder);
    REQUIRE(loop.run_until([&] { return !first.out.empty() && !second.out.empty(); }).has_value());
    std::vector<std::string> runs = list_containers(engine).value();
    CHECK(std::count(runs.begin(), runs.end(), run) == 1);
    REQUIRE(remove_containers(engine, run).has_value());
    REQUIRE(loop.run_until([&] { return first.times_finished + second.times_finished == 2; }).has_value());
    runs = list_containers(engine).value();
    CHECK(std::count(runs.begin(), runs.end(), run) == 0);
}
