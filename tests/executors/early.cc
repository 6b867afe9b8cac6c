// quire-init that is started before anything is known to need it.
#include <catch2/catch_test_macros.hpp>

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>

#include "base/strings.h"
#include "ci/run/run_executors.h"
#include "executors/fixture.h"
#include "sys/atomic_file.h"
#include "sys/file.h"
#include "sys/process_tree.h"

using namespace quire;
using namespace quire::ci;
using namespace quire::tests;

namespace {

/// A confinement that notes the number of each process that becomes quire-init.
Confinement counted(const Scratch& scratch)
{
    Confinement confinement;
    confinement.argv = {"/bin/sh", "-c", fmt::format("echo $$ >>started; exec {} --guard", QUIRE_INIT_PATH)};
    confinement.environment = sys::base_environment();
    confinement.directory = confinement.start_directory = scratch.path();
    return confinement;
}

std::vector<std::string> started(const Scratch& scratch)
{
    std::vector<std::string> numbers;
    std::string text = sys::read_file(scratch.fd(), "started").value_or("");
    for (std::string_view line : split(text, '\n'))
        if (!line.empty())
            numbers.emplace_back(line);
    return numbers;
}

void run_one(const Confinement& confinement, std::optional<StartedHelper> early)
{
    sys::Loop loop;
    Executor executor(loop, confinement, World::quick_limits(), std::move(early));
    Recorder command;
    executor.start({.job = "j", .argv = {"true"}}, command);
    REQUIRE(loop.run_until([&] { return command.times_finished > 0; }).has_value());
    CHECK(command.result.exit == 0);
    bool closed = false;
    executor.close([&] { closed = true; });
    REQUIRE(loop.run_until([&] { return closed; }).has_value());
    CHECK(executor.aftermath() != Aftermath::unsure);
}

bool is_there(pid_t pid) { return ::kill(pid, 0) == 0 || errno != ESRCH; }

} // namespace

TEST_CASE("a helper that was started early for something else ends, and another is started")
{
    Scratch scratch;
    auto early = StartedHelper::copy_of_us();
    REQUIRE(early);
    std::vector<sys::ProcessEntry> copies = sys::descendants_of(::getpid());
    REQUIRE_FALSE(copies.empty());
    run_one(counted(scratch), *std::move(early));
    CHECK(started(scratch).size() == 1);
    for (const sys::ProcessEntry& copy : copies)
        CHECK((copy.parent != ::getpid() || !is_there(copy.pid)));
}

TEST_CASE("a copy of this process serves a plain host, and is called quire-init")
{
    Scratch scratch;
    Setting setting{.run = sys::unique_name("run"), .workspace = scratch.path(), .environment = {"PLACE=given"}};
    setting.helper = QUIRE_INIT_PATH;
    ::setenv("QUIRE_TEST_LEAK", "leaked", 1);
    CHECK_FALSE(StartedHelper::copy_of_us()); // /proc would go on showing our own variables
    ::unsetenv("QUIRE_TEST_LEAK");
    auto early = StartedHelper::copy_of_us();
    REQUIRE(early);
    Confinement confinement = *host_confinement(setting);
    REQUIRE(early->fits(confinement));
    sys::Loop loop;
    Executor executor(loop, confinement, World::quick_limits(), *std::move(early));
    Recorder command;
    executor.start({.job = "j", .argv = shell_argv("env; cat /proc/$PPID/comm; tr '\\0' ' ' </proc/$PPID/environ")},
                   command);
    REQUIRE(loop.run_until([&] { return command.times_finished > 0; }).has_value());
    std::string lines = "\n" + command.out;
    CHECK(lines.find("\nPLACE=given\n") != std::string::npos);
    CHECK(lines.find("\nQUIRE_RUN_MARKER=" + setting.run + "\n") != std::string::npos);
    CHECK(lines.find("\nquire-init\n") != std::string::npos);
    bool closed = false;
    executor.close([&] { closed = true; });
    REQUIRE(loop.run_until([&] { return closed; }).has_value());
    CHECK(executor.aftermath() == Aftermath::over);
}

TEST_CASE("a copy serves nothing but a plain host")
{
    Scratch scratch;
    auto early = StartedHelper::copy_of_us();
    REQUIRE(early);
    Setting setting{.workspace = scratch.path(), .helper = QUIRE_INIT_PATH};
    CHECK(early->fits(*host_confinement(setting)));
    setting.group = "/sys/fs/cgroup/some";
    CHECK_FALSE(early->fits(*host_confinement(setting)));
    setting.group = "";
    setting.limits.memory = 1 << 20;
    CHECK_FALSE(early->fits(*host_confinement(setting)));
    setting.limits = JobLimits();
    setting.command = {"sh"};
    CHECK_FALSE(early->fits(*host_confinement(setting)));
    CHECK_FALSE(early->fits(counted(scratch)));
    if (auto sandbox = bwrap_confinement(setting))
        CHECK_FALSE(early->fits(*sandbox));
}

TEST_CASE("a helper is started early for a run of the forge whose pipeline speaks of no other place")
{
    RunOptions options;
    options.dispatch = "dispatch.json";
    SourceTree plain{{{".quire/ci.fnl", "(job :first [:quire/push] (fn [{: sh}] (sh \"true\")))"}}, false};
    SourceTree with_image{{{".quire/ci.fnl", "(ci.image \"debian\")"}}, false};
    SourceTree with_library{{{".quire/ci.fnl", "(require :lib)"}, {".quire/lib/lib.fnl", "(ci.sandbox true)"}}, false};
    SourceTree with_dockerfile{plain.files, true};
    CHECK(start_helper_early(options, plain));
    for (const SourceTree& other : {with_image, with_library, with_dockerfile}) {
        CHECK_FALSE(start_helper_early(options, other));
        options.executor = "host";
        CHECK(start_helper_early(options, other));
        options.executor = "auto";
    }
    for (const char* executor : {"bwrap", "container"}) {
        options.executor = executor;
        CHECK_FALSE(start_helper_early(options, plain));
    }
    options = RunOptions();
    CHECK_FALSE(start_helper_early(options, plain)); // a person's own run
}
