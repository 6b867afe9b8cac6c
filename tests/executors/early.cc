// quire-init that is started before anything is known to need it.
#include <catch2/catch_test_macros.hpp>

#include <signal.h>

#include <cerrno>

#include "base/strings.h"
#include "ci/run/run_executors.h"
#include "executors/fixture.h"
#include "sys/file.h"

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

bool is_there(const std::string& number) { return ::kill(std::stoi(number), 0) == 0 || errno != ESRCH; }

} // namespace

TEST_CASE("a helper that was started early is taken over if it is what would be started")
{
    Scratch scratch;
    Confinement confinement = counted(scratch);
    auto early = StartedHelper::start(confinement);
    REQUIRE(early.has_value());
    run_one(confinement, std::optional(*std::move(early)));
    CHECK(started(scratch).size() == 1);
}

TEST_CASE("a helper that was started early for something else ends, and another is started")
{
    Scratch scratch;
    Confinement confinement = counted(scratch);
    auto early = StartedHelper::start(confinement);
    REQUIRE(early.has_value());
    int64_t deadline = monotonic_now() + 60 * nanoseconds_per_second;
    while (started(scratch).empty() && monotonic_now() < deadline)
        ;
    sys::set_variable(confinement.environment, "MORE", "1");
    run_one(confinement, std::optional(*std::move(early)));
    std::vector<std::string> numbers = started(scratch);
    REQUIRE(numbers.size() == 2);
    CHECK_FALSE(is_there(numbers[0]));
}

TEST_CASE("a helper is started early for a run of the forge whose pipeline speaks of no other place")
{
    RunOptions options;
    options.dispatch = "dispatch.json";
    SourceTree plain{{{".quire/ci.fnl", "(job :first [:quire/push] (fn [{: sh}] (sh \"true\")))"}}, false};
    SourceTree with_image{{{".quire/ci.fnl", "(ci.image \"debian\")"}}, false};
    SourceTree with_library{{{".quire/ci.fnl", "(require :lib)"}, {".quire/lib/lib.fnl", "(ci.sandbox true)"}}, false};
    SourceTree with_dockerfile{plain.files, true};
    CHECK(start_helper_early(options, {}, plain));
    for (const SourceTree& other : {with_image, with_library, with_dockerfile}) {
        CHECK_FALSE(start_helper_early(options, {}, other));
        options.executor = "host";
        CHECK(start_helper_early(options, {}, other));
        options.executor = "auto";
    }
    for (const char* executor : {"bwrap", "container"}) {
        options.executor = executor;
        CHECK_FALSE(start_helper_early(options, {}, plain));
    }
    options = RunOptions();
    CHECK_FALSE(start_helper_early(options, {}, plain)); // a person's own run
}
