// What a command sees, what it says, and how it ends.
#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"
#include "executors/fixture.h"

using namespace quire;
using namespace quire::ci;
using namespace quire::tests;
using End = CommandResult::End;

TEST_CASE("both streams come apart, byte for byte, and are in the result")
{
    World world;
    auto command = world.shell("printf 'a\\000b\\377\\n'; printf 'no newline' >&2");
    CHECK(command->out == std::string("a\0b\xff\n", 5));
    CHECK(command->err == "no newline");
    CHECK(command->result.out == command->out);
    CHECK(command->result.err == command->err);
    CHECK_FALSE(command->result.out_truncated);
    CHECK(command->result.end == End::exited);
    CHECK(command->result.exit == 0);
    CHECK(command->result.reason.empty());
    CHECK(command->times_settled > 0);
    CHECK(command->result.duration > 0);
    CHECK(command->result.duration < 30 * nanoseconds_per_second);
    CHECK(command->result.started > 0);
}

TEST_CASE("exit codes and signals are told apart as in a shell")
{
    World world;
    CHECK(world.shell("exit 3")->result.exit == 3);
    CHECK(world.shell("exit 255")->result.exit == 255);
    auto killed = world.shell("kill -9 $$");
    CHECK(killed->result.exit == 137);
    CHECK(killed->result.end == End::exited);
    // The shell of another process group is not ours to take along.
    CHECK(world.shell("kill -TERM 0; sleep 5")->result.exit == 143);
}

TEST_CASE("an argv is run as it is, without a shell")
{
    World world;
    auto command = world.run({.job = "j", .argv = {"printf", "[%s]", "$HOME; *", "", "a  b", "\xff'\""}});
    CHECK(command->out == "[$HOME; *][][a  b][\xff'\"]");
}

TEST_CASE("a command reads the input that it is given, any bytes, and then its end")
{
    World world;
    std::string input("a\0b\xff\n", 5);
    CHECK(world.run({.job = "j", .argv = {"cat"}, .input = input})->out == input);
    input.append(2u << 20, 'x'); // more than a pipe holds
    CHECK(trim(world.run({.job = "j", .argv = {"wc", "-c"}, .input = input})->out) == std::to_string(input.size()));
    CHECK(world.run({.job = "j", .argv = {"true"}, .input = input})->result.exit == 0);
    CHECK(world.run({.job = "j", .argv = {"cat"}})->out.empty());
}

TEST_CASE("what can't be started says why, and is a result like another")
{
    World world;
    auto missing = world.run({.job = "j", .argv = {"no-such-program"}});
    CHECK(missing->result.end == End::not_started);
    CHECK(missing->result.exit == 127);
    CHECK(missing->result.reason == "no-such-program: not found in PATH");

    auto path = world.run({.job = "j", .argv = {"./nothing"}});
    CHECK(path->result.exit == 127);
    CHECK(path->result.reason == "cannot start ./nothing: No such file or directory");

    REQUIRE(world.shell("echo text > plain")->result.exit == 0);
    auto plain = world.run({.job = "j", .argv = {"./plain"}});
    CHECK(plain->result.exit == 126);
    CHECK(plain->result.reason == "cannot start ./plain: Permission denied");

    auto directory = world.run({.job = "j", .argv = {"true"}, .directory = "not/there"});
    CHECK(directory->result.exit == 126);
    CHECK(directory->result.reason == "cannot enter not/there: No such file or directory");

    CHECK(world.run({.job = "j", .argv = {}})->result.reason == "an empty command");
    CHECK(world.run({.job = "j", .argv = {std::string("a\0b", 3)}})->result.end == End::not_started);
    CHECK(world.run({.job = "j", .argv = {"true"}, .environment = {"novalue"}})->result.end == End::not_started);
    // And the next one works.
    CHECK(world.run({.job = "j", .argv = {"true"}})->result.exit == 0);
}

TEST_CASE("the environment is the place's, the marker, and the call's, and nothing of ours")
{
    ::setenv("QUIRE_TEST_LEAK", "leaked", 1);
    World world;
    auto command = world.run({.job = "the job", .argv = {"env"}, .environment = {"MINE=1=2", "EMPTY=", "LINES=a\nb"}});
    std::string lines = "\n" + command->out;
    CHECK(lines.find("\nMINE=1=2\n") != std::string::npos);
    CHECK(lines.find("\nEMPTY=\n") != std::string::npos);
    CHECK(lines.find("\nLINES=a\nb\n") != std::string::npos);
    CHECK(lines.find("\nPLACE=given\n") != std::string::npos);
    CHECK(lines.find("\nQUIRE_RUN_MARKER=" + world.run_id() + "\n") != std::string::npos);
    CHECK(lines.find("\nQUIRE_JOB=the job\n") != std::string::npos);
    CHECK(lines.find("QUIRE_TEST") == std::string::npos);
    CHECK(lines.find("\nPATH=/") != std::string::npos);
    auto overridden = world.run({.job = "j", .argv = {"sh", "-c", "echo $PLACE"}, .environment = {"PLACE=call"}});
    CHECK(overridden->out == "call\n");
    ::unsetenv("QUIRE_TEST_LEAK");
}

TEST_CASE("PATH of the call decides what is run")
{
    World world;
    REQUIRE(world.shell("mkdir bin; printf '#!/bin/sh\\necho ours\\n' > bin/tool; chmod +x bin/tool")->result.exit ==
            0);
    CHECK(world.run({.job = "j", .argv = {"tool"}})->result.exit == 127);
    std::string pwd(trim(world.shell("pwd")->out));
    auto found =
        world.run({.job = "j", .argv = {"tool"}, .environment = {"PATH=/nowhere:" + pwd + "/bin:/usr/bin:/bin"}});
    CHECK(found->out == "ours\n");
}

TEST_CASE("commands start in the workspace, or below it, or anywhere inside")
{
    World world;
    auto command = world.shell("mkdir -p a/b; echo here > a/b/file; pwd");
    CHECK(world.file("a/b/file") == "here\n");
    std::string top(trim(command->out));
    CHECK(world.run({.job = "j", .argv = {"pwd"}, .directory = "a/b"})->out == top + "/a/b\n");
    CHECK(world.run({.job = "j", .argv = {"pwd"}, .directory = "/"})->out == "/\n");
    if (executor_kind() == "host" || executor_kind() == "subreaper")
        CHECK(top == world.workspace());
    else
        CHECK(top == "/work");
}

TEST_CASE("stdin is empty, and there is no terminal")
{
    World world;
    CHECK(world.shell("cat; echo $?")->out == "0\n");
    CHECK(world.shell("(: < /dev/tty) 2>/dev/null || echo none")->out == "none\n");
}

TEST_CASE("commands run side by side and don't mix")
{
    World world;
    constexpr int count = 20;
    std::vector<std::unique_ptr<Recorder>> commands;
    // They can only all finish if they all run at once: each waits for all the others' files.
    for (int i = 0; i < count; ++i) {
        commands.push_back(std::make_unique<Recorder>());
        std::string script =
            fmt::format("echo {0}; : > f{0}; until [ $(ls | grep -c '^f') = {1} ]; do sleep 0.02; done; "
                        "echo {0} >&2; exit {0}",
                        i, count);
        world.start(*commands.back(), {.job = fmt::format("j{}", i), .argv = shell_argv(script)});
    }
    for (int i = 0; i < count; ++i) {
        Recorder& command = *commands[static_cast<size_t>(i)];
        world.wait_for([&] { return command.times_finished > 0; }, "all of them");
        CHECK(command.out == fmt::format("{}\n", i));
        CHECK(command.err == fmt::format("{}\n", i));
        CHECK(command.result.exit == i);
    }
}

TEST_CASE("large arguments pass; too large ones are refused, not cut")
{
    World world;
    std::string large(100'000, 'x');
    auto passed = world.run({.job = "j", .argv = {"sh", "-c", "echo ${#1} ${#2}", "sh", large, large + "y"}});
    CHECK(passed->out == "100000 100001\n");
    auto kernel = world.run({.job = "j", .argv = {"true", std::string(200'000, 'x')}});
    CHECK(kernel->result.reason == "cannot start true: Argument list too long");
    auto ours = world.run({.job = "j", .argv = {"true", std::string(5'000'000, 'x')}});
    CHECK(ours->result.end == End::not_started);
    CHECK(ours->result.exit == 126);
}

TEST_CASE("a result keeps the beginning of each stream and says that there was more")
{
    Limits limits = World::quick_limits();
    limits.capture = 100'000;
    World world(limits);
    auto command = world.shell("head -c 100000 /dev/zero; head -c 100001 /dev/zero >&2");
    CHECK(command->result.out.size() == 100'000);
    CHECK_FALSE(command->result.out_truncated);
    CHECK(command->result.err.size() == 100'000);
    CHECK(command->result.err_truncated);
    CHECK(command->err.size() == 100'001);
}

TEST_CASE("no byte of a large output is lost, on either stream")
{
    World world;
    // 24 MB of numbered lines on each: every line is checked.
    constexpr int lines = 1'000'000;
    struct Counter : Recorder {
        void output(Stream stream, std::string_view bytes) override
        {
            std::string& rest = stream == Stream::out ? out : err;
            int& next = stream == Stream::out ? next_out : next_err;
            rest += bytes;
            size_t at = 0;
            for (size_t end; (end = rest.find('\n', at)) != std::string::npos; at = end + 1)
                wrong += std::string_view(rest).substr(at, end - at) != fmt::format("a numbered line: {}", next++);
            rest.erase(0, at);
        }
        int next_out = 1, next_err = 1, wrong = 0;
    } counter;
    std::string script = fmt::format("yes 'a numbered line: ' | head -n {0} | awk '{{ print $0 NR }}' & "
                                     "yes 'a numbered line: ' | head -n {0} | awk '{{ print $0 NR }}' >&2; wait",
                                     lines);
    world.start(counter, {.job = "j", .argv = shell_argv(script)});
    world.wait_for([&] { return counter.times_finished > 0; }, "48 MB");
    CHECK(counter.wrong == 0);
    CHECK(counter.next_out == lines + 1);
    CHECK(counter.next_err == lines + 1);
    CHECK(counter.out.empty());
    CHECK(counter.result.exit == 0);
}
