#include "sys/placement.h"

#include <catch2/catch_test_macros.hpp>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;

TEST_CASE("the hint to spread directories is taken where the file system knows it, and does nothing else")
{
    tests::Scratch scratch;
    bool taken = sys::spread_subdirectories(scratch.fd());
    int flags = 0;
    bool has_flags = ::ioctl(scratch.fd(), FS_IOC_GETFLAGS, &flags) == 0;
    CHECK(taken == (has_flags && (flags & FS_TOPDIR_FL) != 0));
    CHECK(sys::spread_subdirectories(scratch.fd()) == taken);
    REQUIRE(sys::make_directory(scratch.fd(), "a"));
    CHECK(sys::list_directory(scratch.fd(), ".").value() == std::vector<std::string>{"a"});
    UniqueFd inner = sys::open_directory(scratch.fd(), "a").value();
    int inner_flags = 0;
    if (has_flags && ::ioctl(inner.get(), FS_IOC_GETFLAGS, &inner_flags) == 0)
        CHECK((inner_flags & FS_TOPDIR_FL) == 0); // what is inside of one stays together
    CHECK_FALSE(sys::spread_subdirectories(-1));
}
