// bench_ci redact|true|flood: what a command costs, measured side by side with the same thing without us.
//
//   redact  the redactor with three secrets, against a copy of the same bytes and against no redaction in front of a
//   log true    100 × sh ["true"] on the executor that QUIRE_TEST_EXECUTOR names, against fork and exec of it alone
//   flood   1 GB of lines through executor, redactor and log; speed, bytes kept, our own memory
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include <catch2/catch_test_macros.hpp>

#include "ci/logs/command_log.h"
#include "executors/fixture.h"

using namespace quire;
using namespace quire::ci;
using namespace quire::tests;

namespace {

double seconds_since(int64_t began) { return static_cast<double>(monotonic_now() - began) / 1e9; }

void add_three_secrets(Redactor& redactor)
{
    redactor.add("ghp_16C7e42F292c6912E7710c838347Ae178B4a");
    redactor.add("correct horse battery staple");
    redactor.add(
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
        "QyNTUxOQAAACDKj7wLZ0bXyR9jYyvkQG5tQ0bTn0c1yU3zvQmX2oY8VwAAAJgKkz0eCpM9\n-----END OPENSSH PRIVATE KEY-----\n");
}

/// Processor time: what others do on the machine does not count.
double processor_seconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/// A build's output, roughly.
std::string sample(size_t size)
{
    std::string text;
    for (unsigned i = 0; text.size() < size; ++i)
        text += fmt::format(
            "[{:5}/9999] Building CXX object libquire/CMakeFiles/quire_ci.dir/ci/file_{:x}.cc.o (token: no)\n", i,
            i * 2654435761u);
    return text;
}

} // namespace

TEST_CASE("redact")
{
    constexpr size_t chunk = 64u << 10, total = 512u << 20;
    std::string text = sample(8u << 20);
    Redactor none, three;
    add_three_secrets(three);
    auto through = [&](const Redactor& redactor, auto&& sink) {
        RedactedStream stream(redactor);
        double began = processor_seconds();
        for (size_t done = 0; done < total; done += text.size())
            for (size_t at = 0; at < text.size(); at += chunk)
                stream.feed(std::string_view(text).substr(at, chunk), sink);
        stream.finish(sink);
        return static_cast<double>(total) / 1e6 / (processor_seconds() - began);
    };
    std::string copy(chunk * 2, '\0');
    auto copying = [&](std::string_view part) { std::memcpy(copy.data(), part.data(), part.size()); };
    for (const auto& [name, redactor] : {std::pair("no secrets", &none), std::pair("three secrets", &three)})
        std::printf("redact and copy, %-14s %8.0f MB/s\n", name, through(*redactor, copying));
    double speed[2] = {0, 0};
    for (int round = 0; round < 5; ++round)
        for (int with : {0, 1}) {
            Scratch scratch;
            LogBudget budget(uint64_t{4} << 30);
            LogWriter log = LogWriter::create(scratch.fd(), "log", budget).value();
            auto writing = [&](std::string_view part) { log.write(Stream::out, part, 1); };
            speed[with] = std::max(speed[with], through(with ? three : none, writing));
        }
    std::printf(
        "redact and log, no secrets       %8.0f MB/s\nredact and log, three secrets    %8.0f MB/s   (%.2f × as slow)\n",
        speed[0], speed[1], speed[0] / speed[1]);
}

TEST_CASE("true")
{
    constexpr int count = 100;
    double alone = 1e9, ours = 1e9;
    World world;
    (void)world.run({.job = "warm", .argv = {"true"}});
    for (int round = 0; round < 5; ++round) {
        int64_t began = monotonic_now();
        for (int i = 0; i < count; ++i) {
            sys::Command command;
            command.argv = {"true"};
            (void)sys::spawn(command).value().wait();
        }
        alone = std::min(alone, seconds_since(began) * 1000 / count);
        began = monotonic_now();
        for (int i = 0; i < count; ++i)
            (void)world.run({.job = "b", .argv = {"true"}});
        ours = std::min(ours, seconds_since(began) * 1000 / count);
    }
    std::printf("sh [\"true\"] on %-10s %6.2f ms   fork and exec of it alone %.2f ms\n", executor_kind().c_str(), ours,
                alone);
}

TEST_CASE("flood")
{
    constexpr size_t total = 1'000'000'000;
    World world;
    Redactor redactor;
    add_three_secrets(redactor);
    Scratch scratch;
    LogBudget budget(uint64_t{8} << 30);
    bool done = false;
    size_t seen = 0;
    struct Counting final : CommandObserver {
        Counting(CommandObserver& o, size_t& s) : inner(o), seen(s) {}
        void output(Stream stream, std::string_view bytes) override
        {
            seen += bytes.size();
            inner.output(stream, bytes);
        }
        void settled() override { inner.settled(); }
        void finished(CommandResult result) override { inner.finished(std::move(result)); }
        CommandObserver& inner;
        size_t& seen;
    };
    CommandLog log(world.loop(), redactor, LogWriter::create(scratch.fd(), "sh-1", budget).value(), LoggedStreams::both,
                   [&](CommandResult, std::optional<Error>) { done = true; });
    Counting counting(log, seen);
    (void)world.run({.job = "warm", .argv = {"true"}});
    world.shell("yes 'a line of output, as a build prints them: compiling libquire/ci/executors/executor.cc' | head -c "
                "16000000 > block");
    // cat is the fastest printer there is: 62 × 16 MB and what is missing to 1 GB.
    std::string script =
        "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31; do "
        "cat block block; done; head -c 8000000 block";
    double before = processor_seconds();
    int64_t began = monotonic_now();
    CommandSpec spec{.job = "b", .argv = shell_argv(script)};
    world.start(counting, spec);
    world.wait_for([&] { return done; }, "1 GB");
    double took = seconds_since(began);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    double processor = processor_seconds() - before;
    std::printf(
        "1 GB on %-10s %6.0f MB/s with three secrets (%.2f s of our processor time), all bytes seen: %s, our memory "
        "%ld MiB\n",
        executor_kind().c_str(), static_cast<double>(total) / 1e6 / took, processor, seen == total ? "yes" : "NO",
        usage.ru_maxrss >> 10);
    CHECK(seen == total);
    CHECK(usage.ru_maxrss >> 10 < 64);
}
