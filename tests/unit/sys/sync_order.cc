#include "sys/sync_order.h"

#include <catch2/catch_test_macros.hpp>

#include "support/scratch.h"
#include "sys/file.h"
#include "sys/space.h"

using namespace quire;

TEST_CASE("of file systems that are not known nothing is taken for granted")
{
    for (const char* path : {"/proc", "/dev"}) {
        auto directory = sys::open_directory(AT_FDCWD, path);
        REQUIRE(directory);
        CHECK(sys::sync_order_of(directory->get()) == sys::SyncOrder::unknown);
    }
    CHECK(sys::sync_order_of(-1) == sys::SyncOrder::unknown);
}

TEST_CASE("ext4 is never taken for one that needs a sync of all of it")
{
    tests::Scratch scratch;
    if (*sys::is_on_ext4(scratch.fd()))
        CHECK(sys::sync_order_of(scratch.fd()) != sys::SyncOrder::unknown);
}

TEST_CASE("what is written out is there, and what can't be is an error that names it")
{
    tests::Scratch scratch;
    REQUIRE(sys::append_file(scratch.fd(), "file", "content"));
    UniqueFd file = *sys::open_at(scratch.fd(), "file", O_RDWR);
    CHECK(sys::write_out(file.get(), "file"));
    auto none = sys::write_out(-1, "the file");
    REQUIRE_FALSE(none);
    CHECK(none.error().message.find("the file") != std::string::npos);
}
