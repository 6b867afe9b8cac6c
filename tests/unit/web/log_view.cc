#include "web/runs/log_view.h"

#include <catch2/catch_test_macros.hpp>

#include "base/strings.h"
#include "support/scratch.h"
#include "sys/file.h"
#include "web/runs/log_follow.h"
#include "web/runs/run_story.h"

using namespace quire;
using namespace quire::web;
using quire::tests::Scratch;

namespace {

/// A run's directory with one log of numbered lines.
class WrittenRun {
public:
    explicit WrittenRun(size_t lines, std::string_view extra = "")
    {
        REQUIRE(sys::make_directories(directory(), "jobs/job"));
        std::string log, index;
        uint64_t mark = 65536;
        for (size_t i = 1; i <= lines; ++i) {
            if (log.size() >= mark) {
                index += fmt::format("{:015} {:015}\n", log.size(), i);
                mark = (log.size() / 65536 + 1) * 65536;
            }
            offsets.push_back(log.size());
            log += fmt::format("2026-11-21T12:00:03.123456789Z stdout F line {}\n", i);
        }
        size = log.size();
        log += extra;
        REQUIRE(sys::append_file(directory(), "jobs/job/sh-1.log", log));
        REQUIRE(sys::append_file(directory(), "jobs/job/sh-1.idx", index));
    }
    int directory() const { return scratch.fd(); }

    Scratch scratch;
    std::vector<uint64_t> offsets;
    uint64_t size = 0;
};

} // namespace

TEST_CASE("the pages of a log have every entry once, under its number")
{
    WrittenRun run(20000);
    StepLog log = StepLog::open(run.directory(), "job", 1).value();
    CHECK(log.pages() > 3);
    uint64_t expected = 1;
    for (uint64_t page = 0; page < log.pages(); ++page) {
        LogRange range = log.page(page).value();
        auto reached = log.each(range, [&](const LogPosition& at, uint64_t, const store::LogLine& line) {
            CHECK(at.entry == expected);
            CHECK(at.offset == run.offsets[expected - 1]);
            CHECK(line.text == "line " + std::to_string(expected));
            ++expected;
        });
        CHECK(reached->offset == range.end);
    }
    CHECK(expected == 20001);
    CHECK_FALSE(log.page(log.pages()));
}

TEST_CASE("an entry's page and an offset's entry are found through the index")
{
    WrittenRun run(20000);
    StepLog log = StepLog::open(run.directory(), "job", 1).value();
    for (uint64_t entry : {1, 2, 2499, 2500, 9999, 19999, 20000}) {
        LogRange range = log.page(log.page_of_entry(entry).value()).value();
        uint64_t offset = run.offsets[entry - 1];
        CHECK(range.begin.offset <= offset);
        CHECK(offset < range.end);
        LogPosition found = log.locate(offset).value();
        CHECK(found.entry == entry);
        CHECK(found.offset == offset);
        // In the middle of an entry: the next one.
        if (entry < 20000)
            CHECK(log.locate(offset + 5)->entry == entry + 1);
    }
    CHECK(log.locate(run.size)->entry == 20001);
    CHECK(log.locate(run.size + 1000)->offset == run.size);
}

TEST_CASE("an entry that is not whole is left for the next time, a damaged one passed over")
{
    WrittenRun run(2, "damaged\n2026-11-21T12:00:03.123456789Z stdout F li");
    StepLog log = StepLog::open(run.directory(), "job", 1).value();
    size_t entries = 0;
    auto reached =
        log.each(log.page(0).value(), [&](const LogPosition&, uint64_t, const store::LogLine&) { ++entries; });
    CHECK(entries == 2);
    CHECK(reached->offset == run.size + 8);
    CHECK(reached->entry == 4);
}

TEST_CASE("no log leads out of its run")
{
    WrittenRun run(1);
    REQUIRE(sys::symlink_at("/etc/passwd", run.directory(), "jobs/job/sh-2.log"));
    CHECK_FALSE(StepLog::open(run.directory(), "job", 2));
    CHECK_FALSE(StepLog::open(run.directory(), "..", 1));
    CHECK(StepLog::open(run.directory(), "job", 3).error().kind == ErrorKind::not_found);
}

static store::LogLine entry(std::string_view text, bool is_whole = true, bool is_error = false)
{
    return {.at = "2026-11-21T12:00:03.123456789Z", .is_error = is_error, .is_whole = is_whole, .text = text};
}

TEST_CASE("entries of one line become one row, and another stream ends it")
{
    LogRows rows(3, false);
    rows.add({0, 1}, 10, entry("50%", false));
    CHECK(rows.done().offset == 0);
    CHECK(rows.has_partial());
    CHECK(rows.partial().str() == "<span class=\"l\" id=\"L3-1\"><a href=\"#L3-1\">1</a>50%\n</span>");
    rows.add({10, 2}, 20, entry("\r100%"));
    CHECK(rows.done().offset == 20);
    CHECK_FALSE(rows.has_partial());
    rows.add({20, 3}, 30, entry("out", false));
    rows.add({30, 4}, 40, entry("<err>", true, true));
    CHECK(rows.done().offset == 40);
    CHECK(rows.take().str() == "<span class=\"l\" id=\"L3-1\"><a href=\"#L3-1\">1</a>100%\n</span>"
                               "<span class=\"l\" id=\"L3-3\"><a href=\"#L3-3\">3</a>out\n</span>"
                               "<span class=\"l e\" id=\"L3-4\"><a href=\"#L3-4\">4</a>&lt;err&gt;\n</span>");
    CHECK(rows.take().empty());
}

TEST_CASE("times are shown when they are asked for")
{
    LogRows rows(1, true);
    rows.add({0, 1}, 10, entry("x"));
    CHECK(rows.take().str().find(">12:00:03.123</time>x\n") != std::string::npos);
}

TEST_CASE("a place in a log is a step and an offset, or its end")
{
    CHECK(parse_log_place("3.16384")->offset == 16384);
    CHECK(parse_log_place("3.end")->is_end);
    for (const char* text : {"", "3", "3.", ".5", "-1.5", "3.x", "3.5.7", "99999999.1", "3.-1", "a.end"})
        CHECK_FALSE(parse_log_place(text));
}

TEST_CASE("a run's story is read on from where it was")
{
    Scratch scratch;
    RunStory story;
    StoryReader reader(scratch.fd());
    CHECK_FALSE(reader.advance(story).value());
    auto write = [&](std::string_view text) { REQUIRE(sys::append_file(scratch.fd(), "events.jsonl", text)); };
    write(R"({"event":"run-started","jobs":[{"id":"a","inputs":[]},{"id":"b","inputs":["a"],"allow-failure":true}]})"
          "\n"
          R"({"event":"unheard-of","job":"a"})"
          "\nnot json\n"
          R"({"event":"job-st)");
    CHECK(reader.advance(story).value());
    REQUIRE(story.jobs.size() == 2);
    CHECK(story.jobs[1].inputs == std::vector<std::string>{"a"});
    CHECK(story.jobs[0].state == "waiting");
    write(R"(arted","job":"a","attempt":2})"
          "\n"
          R"({"event":"sh-started","job":"a","number":1,"cmd":"make"})"
          "\n"
          R"({"event":"sh-ended","job":"a","number":1,"exit":2,"duration":1.5,"reason":"no"})"
          "\n"
          R"({"event":"sh-ended","job":"a","number":7,"exit":0})"
          "\n"
          R"({"event":"artifact","job":"a","path":"p","size":-5,"sha256":"x"})"
          "\n"
          R"({"event":"job-ended","job":"a","state":"failed","duration":1e300})"
          "\n");
    CHECK(reader.advance(story).value());
    CHECK_FALSE(reader.advance(story).value());
    const StoryJob& job = story.jobs[0];
    CHECK(job.state == "failed");
    CHECK(job.attempt == 2);
    CHECK(job.seconds == 0);
    REQUIRE(job.steps.size() == 1);
    CHECK(job.steps[0].exit == 2);
    CHECK(job.steps[0].seconds == 1.5);
    CHECK(job.artifacts[0].size == 0);
}

static std::string written(std::string_view text, char tag = 'F')
{
    return fmt::format("2026-11-21T12:00:03.123456789Z stdout {} {}\n", tag, text);
}

/// The colours behind what was printed after 20,000 lines.
static text::Style style_behind(const std::string& extra)
{
    WrittenRun run(20000, extra);
    return StepLog::open(run.directory(), "job", 1).value().style_at(run.size + extra.size()).value();
}

TEST_CASE("colours go on where a page begins")
{
    std::string plain;
    for (int i = 0; i < 3000; ++i)
        plain += written("more");
    CHECK(style_behind("") == text::Style{});
    CHECK(style_behind(written("\x1b[1;31mred")) == text::Style{.foreground = 1, .bold = true});
    CHECK(style_behind(written("\x1b[1;31mred") + plain) == text::Style{.foreground = 1, .bold = true});
    CHECK(style_behind(written("\x1b[1;31mred") + plain + written("\x1b[0m")) == text::Style{});
    CHECK(style_behind(written("\x1b[1mbold") + written("plain \x1b[m then \x1b[32mgreen") + plain) ==
          text::Style{.foreground = 2});
    CHECK(style_behind(written("\x1b[32mgreen") + written("\x1b[4munderlined") + plain) ==
          text::Style{.foreground = 2, .underline = true});
    // Cut in two by the end of an entry; by that of a line it is none.
    CHECK(style_behind(written("\x1b[3", 'P') + written("1mred") + plain) == text::Style{.foreground = 1});
    CHECK(style_behind(written("\x1b[3") + written("1mplain") + plain) == text::Style{});
    // Too long ago to be known, and a log that is damaged.
    CHECK(style_behind(written("\x1b[31m") + plain + plain + plain) == text::Style{});
    CHECK(style_behind(std::string(300'000, '\x1b')) == text::Style{});
}

TEST_CASE("a long command begins in its heading, and is whole in a fold")
{
    for (std::string_view command : {"make", "cd build\nmake\nctest", "one\ntwo\n"}) {
        CHECK(command_beginning(command) == command);
        CHECK(command_fold(command).empty());
    }
    CHECK(command_beginning("one\ntwo\nthree\nfour") == "one\ntwo\nthree …");
    CHECK(command_beginning("cat <<E\n\n\nlast\nE") == "cat <<E …");
    std::string wide = "echo " + std::string(500, 'x');
    CHECK(command_beginning(wide) == wide.substr(0, 400) + "…");
    std::string fold = command_fold("one\ntwo\nthree\n<four>").take();
    CHECK(fold.find("<code>one\ntwo\nthree\n&lt;four&gt;</code>") != std::string::npos);
}
