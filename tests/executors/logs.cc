// What a run keeps of a command: redactor and log on a real executor.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "base/strings.h"
#include "ci/logs/command_log.h"
#include "executors/fixture.h"

using namespace quire;
using namespace quire::ci;
using namespace quire::tests;
using End = CommandResult::End;

namespace {

struct Logged {
    Logged(World& world, const Redactor& redactor, CommandSpec spec)
        : log(world.loop(), redactor, LogWriter::create(scratch.fd(), "sh-1", budget).value(), LoggedStreams::both,
              [this](CommandResult r, std::optional<Error> e) {
                  result = std::move(r);
                  error = std::move(e);
                  done = true;
              })
    {
        world.start(log, std::move(spec));
    }

    /// The entries, without their times.
    std::string text() const
    {
        std::string file = sys::read_file(scratch.fd(), "sh-1.log", 1u << 30).value(), entries;
        file.resize(file.empty() ? 0 : file.size() - 1);
        for (std::string_view line : split(file, '\n'))
            (entries += line.substr(std::min(line.size(), line.find(' ') + 1))) += '\n';
        return entries;
    }

    Scratch scratch;
    LogBudget budget;
    CommandResult result;
    std::optional<Error> error;
    bool done = false;
    CommandLog log;
};

} // namespace

TEST_CASE("a secret does not reach the log, cut into pieces as it may be")
{
    World world;
    Redactor redactor;
    redactor.add("correct-horse-battery");
    Logged logged(world, redactor,
                  {.job = "j",
                   .argv = shell_argv("printf 'token correct-hor'; sleep 0.1; printf 'se-battery.\\n'; "
                                      "printf correct-horse-battery | base64 >&2")});
    world.wait_for([&] { return logged.done; }, "the command");
    CHECK_FALSE(logged.error.has_value());
    std::string text = logged.text();
    auto has = [&](const char* entries) { return text.find(entries) != std::string::npos; };
    // On a busy machine the command waits for so long that its line is shown as far as it has come.
    CHECK((has("stdout F token <redacted>.\n") || has("stdout P token \nstdout F <redacted>.\n")));
    CHECK(has("stderr F <redacted>\n"));
    CHECK(logged.result.out == "token correct-horse-battery.\n"); // the pipeline's code may need it
}

TEST_CASE("a line that has not ended is shown while the command waits")
{
    World world;
    Redactor redactor;
    Logged logged(world, redactor,
                  {.job = "j", .argv = shell_argv("printf 'sure? '; until [ -e go ]; do sleep 0.02; done; echo yes")});
    world.wait_for([&] { return logged.text().find("stdout P sure? \n") != std::string::npos; }, "the question");
    CHECK_FALSE(logged.done);
    world.shell("touch go");
    world.wait_for([&] { return logged.done; }, "the end");
    CHECK(logged.text() == "stdout P sure? \nstdout F yes\n");
}

TEST_CASE("the log says what the command can't: why it was not started, and what ended it")
{
    World world;
    Redactor redactor;
    redactor.add("secret-program");
    Logged missing(world, redactor, {.job = "j", .argv = {"secret-program-x"}});
    Logged slow(world, redactor,
                {.job = "j", .argv = shell_argv("printf half; sleep 1000"), .timeout = nanoseconds_per_second / 2});
    world.wait_for([&] { return missing.done && slow.done; }, "both");
    CHECK(missing.text() == "stderr F quire: <redacted>-x: not found in PATH\n");
    CHECK(missing.result.reason == "<redacted>-x: not found in PATH");
    CHECK(slow.result.end == End::timed_out);
    CHECK(slow.text() == "stdout P half\nstderr F quire: timed out after 0.5 s\n");
}
