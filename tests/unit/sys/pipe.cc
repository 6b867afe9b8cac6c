// Pipes that never make us wait, and directories that go with their owner.
#include "sys/file.h"

#include <catch2/catch_test_macros.hpp>

#include "sys/process.h"
#include "sys/temporary_directory.h"

using namespace quire;

TEST_CASE("a pipe that would make us wait says so instead")
{
    sys::Pipe pipe = sys::make_pipe().value();
    REQUIRE(sys::set_nonblocking(pipe.reader.get()).has_value());
    REQUIRE(sys::set_nonblocking(pipe.writer.get()).has_value());
    char buffer[4096];
    auto nothing = sys::read_ready(pipe.reader.get(), buffer, sizeof buffer);
    REQUIRE(nothing.has_value());
    CHECK_FALSE(nothing->has_value());
    std::string block(1u << 20, 'x');
    auto part = sys::write_ready(pipe.writer.get(), block);
    REQUIRE(part.has_value());
    REQUIRE(part->has_value());
    CHECK(**part < block.size());
    auto full = sys::write_ready(pipe.writer.get(), block);
    REQUIRE(full.has_value());
    CHECK_FALSE(full->has_value());
    CHECK(sys::read_ready(pipe.reader.get(), buffer, sizeof buffer).value() == sizeof buffer);
    pipe.writer.reset();
    size_t left = 0;
    while (size_t got = sys::read_ready(pipe.reader.get(), buffer, sizeof buffer).value().value())
        left += got;
    CHECK(left == **part - sizeof buffer);
    CHECK_FALSE(sys::set_nonblocking(-1).has_value());
}

TEST_CASE("a pipe says how large it has become")
{
    sys::Pipe pipe = sys::make_pipe().value();
    CHECK(sys::enlarge_pipe(pipe.reader.get(), 128 << 10) == 128 << 10);
    CHECK(sys::enlarge_pipe(pipe.reader.get(), -1) == 128 << 10);
}

TEST_CASE("a temporary directory goes with its object, and only that")
{
    std::string path;
    {
        sys::TemporaryDirectory outer = sys::TemporaryDirectory::create("", "test").value();
        sys::TemporaryDirectory inner = sys::TemporaryDirectory::create(outer.path(), "inner").value();
        path = outer.path();
        CHECK(inner.path().starts_with(path + "/inner."));
        struct stat status{};
        REQUIRE(::stat(inner.path().c_str(), &status) == 0);
        CHECK((status.st_mode & 07777) == 0700);
        REQUIRE(sys::append_file(inner.fd(), "file", "text").has_value());
        sys::TemporaryDirectory moved = std::move(inner);
        CHECK(sys::exists(moved.fd(), "file"));
    }
    CHECK_FALSE(sys::exists(AT_FDCWD, path));
    CHECK_FALSE(sys::TemporaryDirectory::create("/no/such/place", "test").has_value());
}
