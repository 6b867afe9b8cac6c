#include "ci/logs/log_writer.h"

#include <signal.h>
#include <sys/resource.h>

#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"
#include "support/scratch.h"

using namespace quire;
using namespace quire::ci;
using quire::tests::Scratch;

namespace {

constexpr Instant at = 1'795'260'877'123'456'789; // 2026-11-21T11:34:37.123456789Z
constexpr std::string_view stamp = "2026-11-21T11:34:37.123456789Z";

struct Log {
    explicit Log(uint64_t limit = 512u << 20)
        : budget(limit), writer(LogWriter::create(scratch.fd(), "sh-1", budget).value())
    {}
    std::string text() const { return sys::read_file(scratch.fd(), "sh-1.log", 1u << 30).value(); }
    std::string index() const { return sys::read_file(scratch.fd(), "sh-1.idx").value(); }
    bool has_index() const { return sys::exists(scratch.fd(), "sh-1.idx"); }

    Scratch scratch;
    LogBudget budget;
    LogWriter writer;
};

/// What the entries of a stream stand for: the bytes that were printed.
std::string restore(std::string_view log, std::string_view stream)
{
    std::string bytes;
    while (!log.empty()) {
        std::string_view line = take_until(log, '\n');
        REQUIRE(line.size() >= stamp.size() + 10);
        REQUIRE(line.substr(stamp.size(), 1) == " ");
        std::string_view name = line.substr(stamp.size() + 1, 6), tag = line.substr(stamp.size() + 7, 3);
        REQUIRE((name == "stdout" || name == "stderr"));
        REQUIRE((tag == " F " || tag == " P "));
        std::string_view text = line.substr(stamp.size() + 10);
        REQUIRE(text.size() <= LogWriter::longest_text);
        if (name == stream)
            (bytes += text) += tag == " F " ? "\n" : "";
    }
    return bytes;
}

std::string entry(std::string_view rest) { return fmt::format("{} {}\n", stamp, rest); }

} // namespace

TEST_CASE("each line is an entry with its time and its stream")
{
    Log log;
    log.writer.write(Stream::out, "one\n\ntwo\n", at);
    log.writer.write(Stream::err, "\x1b[31mred\x1b[0m\r\n", at);
    CHECK(log.text().empty()); // not before it is flushed
    log.writer.flush();
    CHECK(log.text() ==
          entry("stdout F one") + entry("stdout F ") + entry("stdout F two") + entry("stderr F \x1b[31mred\x1b[0m\r"));
    CHECK(log.writer.entries() == 4);
    CHECK_FALSE(log.has_index()); // which is for long logs
}

TEST_CASE("a line that comes in pieces is one entry; streams don't mix")
{
    Log log;
    log.writer.write(Stream::out, "a li", at);
    log.writer.write(Stream::err, "oth", at);
    log.writer.write(Stream::out, "ne\nnext", at);
    log.writer.write(Stream::err, "er\n", at);
    CHECK(log.writer.has_partial());
    log.writer.finish(at);
    CHECK(log.text() == entry("stdout F a line") + entry("stderr F other") + entry("stdout P next"));
}

TEST_CASE("an unfinished line is shown on demand and goes on")
{
    Log log;
    log.writer.write(Stream::out, "50%", at);
    log.writer.show_partial(at);
    CHECK_FALSE(log.writer.has_partial());
    log.writer.show_partial(at);
    log.writer.write(Stream::out, " 100%\n", at);
    log.writer.finish(at);
    CHECK(log.text() == entry("stdout P 50%") + entry("stdout F  100%"));
    CHECK(restore(log.text(), "stdout") == "50% 100%\n");
}

TEST_CASE("long lines are cut into entries of limited size and lose nothing")
{
    for (size_t size : {LogWriter::longest_text - 1, LogWriter::longest_text, LogWriter::longest_text + 1,
                        2 * LogWriter::longest_text, 100'000ul}) {
        for (std::string_view end : {"\n", ""}) {
            Log whole, pieces;
            std::string line = std::string(size, 'x') + std::string(end);
            whole.writer.write(Stream::err, line, at);
            whole.writer.finish(at);
            CHECK(restore(whole.text(), "stderr") == line);
            for (size_t from = 0; from < line.size(); from += 1000)
                pieces.writer.write(Stream::err, std::string_view(line).substr(from, 1000), at);
            pieces.writer.finish(at);
            CHECK(restore(pieces.text(), "stderr") == line);
        }
    }
}

TEST_CASE("any bytes come back as they were, however they are cut")
{
    std::string bytes;
    unsigned state = 7;
    for (int i = 0; i < 60'000; ++i) {
        state = state * 1664525u + 1013904223u;
        bytes += (state >> 24) % 40 == 0 ? '\n' : static_cast<char>(state >> 16);
    }
    for (size_t piece : {1ul, 7ul, 4096ul, 65'536ul}) {
        Log log;
        for (size_t from = 0; from < bytes.size(); from += piece) {
            log.writer.write(Stream::out, std::string_view(bytes).substr(from, piece), at);
            if (from % 3 == 0)
                log.writer.flush();
        }
        log.writer.finish(at);
        CHECK(restore(log.text(), "stdout") == bytes);
    }
}

TEST_CASE("the index has an entry's place and number for every 64 KiB")
{
    Log log;
    for (int i = 1; i <= 20'000; ++i)
        log.writer.write(Stream::out, fmt::format("line {}\n", i), at);
    log.writer.finish(at);
    std::string text = log.text(), index = log.index();
    REQUIRE(index.size() % 32 == 0);
    CHECK(index.size() / 32 == text.size() / LogWriter::index_step);
    uint64_t last = 0;
    for (size_t i = 0; i < index.size(); i += 32) {
        std::string_view record = std::string_view(index).substr(i, 32);
        uint64_t offset = std::stoull(std::string(record.substr(0, 15)));
        uint64_t number = std::stoull(std::string(record.substr(16, 15)));
        CHECK(record[15] == ' ');
        CHECK(record[31] == '\n');
        CHECK(offset > last);
        CHECK(offset - last < LogWriter::index_step + 100);
        last = offset;
        REQUIRE(offset <= text.size());
        std::string expected = entry(fmt::format("stdout F line {}", number));
        CHECK(text.substr(offset, expected.size()) == expected);
    }
}

TEST_CASE("a job that fills its run's logs does not silence the jobs behind it")
{
    Scratch scratch;
    LogBudget run = LogBudget::of_run(8u << 20);
    std::vector<LogBudget> jobs;
    for (int i = 0; i < 4; ++i)
        jobs.push_back(run.of_job(4));
    auto size_of = [&](const std::string& name) { return sys::read_file(scratch.fd(), name + ".log").value().size(); };
    for (size_t i = 0; i < jobs.size(); ++i) {
        LogWriter flood = LogWriter::create(scratch.fd(), fmt::format("job-{}", i), jobs[i]).value();
        for (int line = 0; line < 200'000; ++line)
            flood.write(Stream::out, "a line of some length, to fill it\n", at);
        flood.finish(at);
    }
    CHECK(size_of("job-0") > (5u << 20) - 5000); // half of all, and its part of the other half
    CHECK(size_of("job-0") < (5u << 20) + 500);
    for (const char* later : {"job-1", "job-2", "job-3"}) {
        CHECK(size_of(later) > (1u << 20) - 5000);
        CHECK(size_of(later) < (1u << 20) + 500);
    }
    // One alone has it all.
    LogBudget alone = LogBudget::of_run(2u << 20), its = alone.of_job(1);
    uint64_t taken = 0;
    while (its.take(1024))
        taken += 1024;
    CHECK(taken == 2u << 20);
}

TEST_CASE("logs share a limit, and each that reaches it says so in its last line, once")
{
    Log log(2u << 20);
    LogWriter second = LogWriter::create(log.scratch.fd(), "sh-2", log.budget).value();
    log.writer.write(Stream::err, "begun", at);
    log.writer.show_partial(at);
    for (int i = 0; i < 100'000; ++i)
        log.writer.write(Stream::out, "a line of some length, to fill it\n", at);
    log.writer.finish(at);
    second.write(Stream::out, "too late, and quite a bit longer than what is left of the limit of this run\n", at);
    second.write(Stream::out, "x\n", at);
    second.note("quire: a note", at);
    second.finish(at);
    std::string text = log.text();
    std::string last =
        entry("stderr F quire: the logs of this run have reached their limit of 2 MiB; what follows is not kept");
    CHECK(text.ends_with(entry("stderr F ") + last)); // the line that was begun is closed before
    CHECK(text.find("quire:") == text.rfind("quire:"));
    CHECK(text.size() < (2u << 20) + 500);
    CHECK(text.size() > (2u << 20) - 5000);
    CHECK(sys::read_file(log.scratch.fd(), "sh-2.log").value() == last);
}

TEST_CASE("a note stands on a line of its own")
{
    Log log;
    log.writer.write(Stream::err, "half", at);
    log.writer.write(Stream::out, "other", at);
    log.writer.note("quire: timed out", at);
    log.writer.finish(at);
    CHECK(log.text() ==
          entry("stdout P other") + entry("stderr P half") + entry("stderr F ") + entry("stderr F quire: timed out"));
}

TEST_CASE("a log is never written over, and a full disk is an error that is kept")
{
    Log log;
    LogBudget budget;
    auto again = LogWriter::create(log.scratch.fd(), "sh-1", budget);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().kind == ErrorKind::exists);

    // RLIMIT_FSIZE with SIGXFSZ ignored stands in for a full disk: write(2) fails, whatever the file system.
    Scratch scratch;
    LogWriter full = LogWriter::create(scratch.fd(), "sh-9", budget).value();
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
    rlimit none{0, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &none) == 0);
    full.write(Stream::out, "x\n", at);
    CHECK_FALSE(full.error().has_value());
    full.flush();
    bool failed = full.error().has_value();
    full.write(Stream::out, std::string(1'000'000, '\n'), at); // and goes on without growing or failing anew
    full.finish(at);
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, old_handler);
    REQUIRE(failed);
    CHECK(full.error()->code == EFBIG);
}
