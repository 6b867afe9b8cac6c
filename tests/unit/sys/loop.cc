#include "sys/loop.h"

#include <catch2/catch_test_macros.hpp>

#include "base/time.h"
#include "sys/file.h"
#include "sys/process.h"

using namespace quire;
using namespace quire::sys;

constexpr int64_t millisecond = 1'000'000;

TEST_CASE("a readable descriptor calls back, again and again until it is read or unwatched")
{
    Loop loop;
    Pipe pipe = make_pipe().value();
    int calls = 0;
    Loop::Id id = loop.watch(pipe.reader.get(), Interest::readable, [&] { ++calls; });
    REQUIRE(loop.turn(0).has_value());
    CHECK(calls == 0);
    REQUIRE(write_all(pipe.writer.get(), "x").has_value());
    REQUIRE(loop.turn().has_value());
    REQUIRE(loop.turn().has_value());
    CHECK(calls == 2);
    loop.cancel(id);
    REQUIRE(loop.turn(0).has_value());
    CHECK(calls == 2);
    CHECK(loop.idle());
}

TEST_CASE("who waits for a hang-up alone hears of nothing else")
{
    Loop loop;
    Pipe pipe = make_pipe().value();
    int calls = 0;
    loop.watch(pipe.writer.get(), Interest::hangup, [&] { ++calls; });
    REQUIRE(write_all(pipe.writer.get(), "x").has_value());
    REQUIRE(loop.turn(0).has_value());
    CHECK(calls == 0);
    pipe.reader.reset();
    REQUIRE(loop.turn().has_value());
    CHECK(calls == 1);
}

TEST_CASE("a peer that hangs up makes a descriptor readable, and writable")
{
    Loop loop;
    Pipe pipe = make_pipe().value();
    bool readable = false;
    loop.watch(pipe.reader.get(), Interest::readable, [&] { readable = true; });
    pipe.writer.reset();
    REQUIRE(loop.run_until([&] { return readable; }).has_value());

    Loop other;
    Pipe closed = make_pipe().value();
    bool writable = false;
    other.watch(closed.writer.get(), Interest::writable, [&] { writable = true; });
    closed.reader.reset();
    REQUIRE(other.run_until([&] { return writable; }).has_value());
}

TEST_CASE("timers call back once, in the order of their deadlines, not early")
{
    Loop loop;
    std::string order;
    int64_t began = monotonic_now();
    loop.after(20 * millisecond, [&] { order += 'c'; });
    loop.after(10 * millisecond, [&] { order += 'b'; });
    loop.after(0, [&] { order += 'a'; });
    Loop::Id canceled = loop.after(5 * millisecond, [&] { order += 'x'; });
    loop.cancel(canceled);
    REQUIRE(loop.run_until([&] { return order.size() == 3; }).has_value());
    CHECK(order == "abc");
    CHECK(monotonic_now() - began >= 20 * millisecond);
    CHECK(loop.idle());
}

TEST_CASE("a callback may end itself, others, and start new ones")
{
    Loop loop;
    Pipe one = make_pipe().value(), two = make_pipe().value();
    REQUIRE(write_all(one.writer.get(), "x").has_value());
    REQUIRE(write_all(two.writer.get(), "x").has_value());
    Loop::Id first = 0, second = 0;
    std::string calls;
    // Both are ready in one turn: whichever is called first ends both.
    auto end_both = [&] {
        calls += 'w';
        loop.cancel(first);
        loop.cancel(second);
        loop.after(0, [&] { calls += 't'; });
    };
    first = loop.watch(one.reader.get(), Interest::readable, end_both);
    second = loop.watch(two.reader.get(), Interest::readable, end_both);
    REQUIRE(loop.run_until([&] { return calls.size() == 2; }).has_value());
    CHECK(calls == "wt");
    CHECK(loop.idle());
    loop.cancel(0);
    loop.cancel(first);
}

TEST_CASE("a pidfd tells when a process ends")
{
    Loop loop;
    Command command;
    command.argv = {"sh", "-c", "exit 3"};
    Process process = spawn(command).value();
    bool ended = false;
    loop.watch(process.pidfd(), Interest::readable, [&] { ended = true; });
    REQUIRE(loop.run_until([&] { return ended; }).has_value());
    CHECK(process.wait().value() == 3);
}
