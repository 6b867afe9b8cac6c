#include "sys/stamp.h"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include "sys/file.h"
#include "sys/temporary_directory.h"

using namespace quire;
using sys::Stamp;

static Stamp at(int directory, const char* path) { return sys::stamp_at(directory, path).value().value(); }

static void write(int directory, const char* path, std::string_view text)
{
    UniqueFd file = sys::open_at(directory, path, O_WRONLY | O_CREAT | O_TRUNC, 0600).value();
    REQUIRE(sys::write_all(file.get(), text));
}

TEST_CASE("a stamp tells a file from what was written, replaced or re-dated since")
{
    auto scratch = sys::TemporaryDirectory::create("", "stamp").value();
    write(scratch.fd(), "a", "one");
    UniqueFd open = sys::open_at(scratch.fd(), "a", O_RDWR).value();
    Stamp first = at(scratch.fd(), "a");
    CHECK(first == sys::stamp_of(open.get(), "a").value());
    CHECK(first == at(scratch.fd(), "a"));

    SECTION("another size is another stamp, in memory and on disk, of one file")
    {
        write(scratch.fd(), "a", "three");
        Stamp second = at(scratch.fd(), "a");
        CHECK(first != second);
        CHECK(first.lasting() != second.lasting());
        CHECK(first.same_file(second));
    }
    SECTION("a write that puts the old date back is seen by the time of change")
    {
        // The clock of the file system may tick in milliseconds: write until it has.
        Stamp second = first;
        for (int i = 0; i < 100'000 && second.changed == first.changed; i++) {
            REQUIRE(::pwrite(open.get(), "two", 3, 0) == 3);
            REQUIRE(sys::set_modified(open.get(), first.modified, "a"));
            second = at(scratch.fd(), "a");
        }
        CHECK(second.modified == first.modified);
        CHECK(second.size == first.size);
        CHECK(first != second);
        CHECK(first.str() != second.str());
    }
    SECTION("one that took its name is another file")
    {
        write(scratch.fd(), "b", "one");
        REQUIRE(::renameat(scratch.fd(), "b", scratch.fd(), "a") == 0);
        CHECK(!first.same_file(at(scratch.fd(), "a")));
        CHECK(sys::stamp_of(open.get(), "a").value().same_file(first));
    }
    SECTION("what a restored backup changes is not in the lasting part")
    {
        Stamp restored = first;
        restored.device++;
        restored.changed++;
        CHECK(restored != first);
        CHECK(restored.lasting() == first.lasting());
    }
    SECTION("nothing is nothing, and no stamp") { CHECK(!sys::stamp_at(scratch.fd(), "c").value()); }
}
