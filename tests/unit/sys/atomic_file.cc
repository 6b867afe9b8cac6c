#include "sys/atomic_file.h"

#include <catch2/catch_test_macros.hpp>

#include <set>

#include "support/scratch.h"

using namespace quire;
using namespace quire::sys;

static std::vector<std::string> names(const tests::Scratch& scratch) { return *list_directory(scratch.fd(), "."); }

TEST_CASE("a file appears whole at commit and not before")
{
    tests::Scratch scratch;
    AtomicFile file = *AtomicFile::create(scratch.fd(), "meta.fnl", 0640);
    REQUIRE(file.write("one "));
    REQUIRE(file.write("two"));
    CHECK_FALSE(exists(scratch.fd(), "meta.fnl"));
    REQUIRE(names(scratch).size() == 1);
    CHECK(is_temporary_name(names(scratch)[0]));
    REQUIRE(file.commit());
    CHECK(names(scratch) == std::vector<std::string>{"meta.fnl"});
    CHECK(*read_file(scratch.fd(), "meta.fnl") == "one two");
    CHECK(((*stat_at(scratch.fd(), "meta.fnl"))->st_mode & 0777) == 0640);
}

TEST_CASE("what was not committed goes away and leaves the old content")
{
    tests::Scratch scratch;
    REQUIRE(replace_file(scratch.fd(), "f", "old"));
    {
        AtomicFile file = *AtomicFile::create(scratch.fd(), "f", 0644);
        REQUIRE(file.write("new"));
        AtomicFile moved = std::move(file);
    }
    CHECK(names(scratch) == std::vector<std::string>{"f"});
    CHECK(*read_file(scratch.fd(), "f") == "old");
    REQUIRE(replace_file(scratch.fd(), "f", "new"));
    CHECK(*read_file(scratch.fd(), "f") == "new");
}

TEST_CASE("commit_new refuses to replace and cleans up")
{
    tests::Scratch scratch;
    REQUIRE(replace_file(scratch.fd(), "f", "old"));
    {
        AtomicFile file = *AtomicFile::create(scratch.fd(), "f", 0644);
        auto refused = file.commit_new();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::exists);
    }
    CHECK(names(scratch) == std::vector<std::string>{"f"});
    CHECK(*read_file(scratch.fd(), "f") == "old");
}

TEST_CASE("a failure says which file it was")
{
    tests::Scratch scratch;
    CHECK_FALSE(AtomicFile::create(-1, "f", 0644));
    auto failed = replace_file(scratch.fd(), "no/f", "x");
    REQUIRE_FALSE(failed);
    CHECK(failed.error().kind == ErrorKind::not_found);
    REQUIRE(make_directories(scratch.fd(), "d/below"));
    CHECK_FALSE(replace_file(scratch.fd(), "d", "x"));
    CHECK(names(scratch) == std::vector<std::string>{"d"});
}

TEST_CASE("unique names are unique and temporary names are known")
{
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i)
        CHECK(seen.insert(unique_name("x")).second);
    CHECK(is_temporary_name(".meta.fnl.1-2-3.tmp"));
    CHECK_FALSE(is_temporary_name("meta.fnl"));
    CHECK_FALSE(is_temporary_name("x.tmp"));
    CHECK_FALSE(is_temporary_name(".hidden"));
}
