#include "sys/lock.h"

#include <catch2/catch_test_macros.hpp>

#include "support/scratch.h"
#include "sys/process.h"

using namespace quire;
using namespace quire::sys;

TEST_CASE("a lock is held once, until its object goes")
{
    tests::Scratch scratch;
    CHECK_FALSE(*is_locked(scratch.fd(), "lock"));
    {
        FileLock lock = *FileLock::acquire(scratch.fd(), "lock");
        CHECK(*is_locked(scratch.fd(), "lock"));
        CHECK_FALSE(FileLock::try_acquire(scratch.fd(), "lock")->has_value());
    }
    CHECK_FALSE(*is_locked(scratch.fd(), "lock"));
    CHECK(FileLock::try_acquire(scratch.fd(), "lock")->has_value());
}

TEST_CASE("asking whether a lock is held does not take it")
{
    tests::Scratch scratch;
    REQUIRE(append_file(scratch.fd(), "lock", ""));
    CHECK_FALSE(*is_locked(scratch.fd(), "lock"));
    auto lock = *FileLock::try_acquire(scratch.fd(), "lock");
    REQUIRE(lock);
    CHECK(*is_locked(scratch.fd(), "lock"));
}

TEST_CASE("a child that inherits the descriptor holds the lock until it dies")
{
    tests::Scratch scratch;
    Pipe pipe = *make_pipe();
    auto lock = std::optional(*FileLock::acquire(scratch.fd(), "lock"));
    Command command{.argv = {"cat"}, .input = pipe.reader.get(), .inherit = {lock->fd()}};
    Process child = *spawn(command);
    lock.reset();
    pipe.reader.reset();
    CHECK(*is_locked(scratch.fd(), "lock"));
    pipe.writer.reset(); // the child's input ends
    CHECK(*child.wait() == 0);
    CHECK_FALSE(*is_locked(scratch.fd(), "lock"));
}

TEST_CASE("a child that was not handed the descriptor does not hold the lock")
{
    tests::Scratch scratch;
    Pipe pipe = *make_pipe();
    auto lock = std::optional(*FileLock::acquire(scratch.fd(), "lock"));
    Process child = *spawn({.argv = {"cat"}, .input = pipe.reader.get()});
    lock.reset();
    CHECK_FALSE(*is_locked(scratch.fd(), "lock"));
    pipe.writer.reset();
    CHECK(*child.wait() == 0);
}

TEST_CASE("a lock that can't be opened is an error, not an absence")
{
    tests::Scratch scratch;
    CHECK_FALSE(FileLock::acquire(scratch.fd(), "no/lock"));
    CHECK_FALSE(FileLock::try_acquire(-1, "lock"));
    CHECK_FALSE(is_locked(-1, "lock"));
    CHECK_FALSE(*is_locked(scratch.fd(), "no/lock"));
}
