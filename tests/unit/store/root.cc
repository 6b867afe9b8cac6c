#include "store/root.h"

#include "support/scratch_root.h"

using namespace quire;
using tests::repo;

TEST_CASE("a root that is not there says how to name one")
{
    auto root = store::Root::open("/nonexistent/quire");
    REQUIRE_FALSE(root);
    CHECK(root.error().kind == ErrorKind::not_found);
    CHECK(root.error().message.find("--root") != std::string::npos);
}

TEST_CASE("the option wins over the environment, which wins over the default")
{
    ::setenv("QUIRE_ROOT", "/from/environment", 1);
    CHECK(store::Root::choose("/from/option") == "/from/option");
    CHECK(store::Root::choose(std::nullopt) == "/from/environment");
    ::unsetenv("QUIRE_ROOT");
    CHECK(store::Root::choose(std::nullopt) == "/var/quire");
}

TEST_CASE("a repository is opened below repos/ and nowhere else")
{
    tests::ScratchRoot scratch;
    const store::Root& root = scratch.root;
    REQUIRE(sys::make_directories(root.fd(), "repos/work/bar.git"));
    REQUIRE(sys::make_directory(root.fd(), "repos/foo.git"));
    REQUIRE(sys::make_directory(root.fd(), "outside.git"));
    REQUIRE(sys::symlink_at("../outside.git", root.fd(), "repos/escape.git"));
    REQUIRE(sys::symlink_at("/tmp", root.fd(), "repos/absolute.git"));
    REQUIRE(sys::symlink_at("foo.git", root.fd(), "repos/alias.git"));
    REQUIRE(sys::symlink_at("../..", root.fd(), "repos/up"));
    REQUIRE(sys::append_file(root.fd(), "repos/file.git", "x"));

    CHECK(root.open_repository(repo("foo")));
    CHECK(root.open_repository(repo("work/bar")));
    CHECK(root.open_repository(repo("alias"))); // stays below repos/
    for (const char* name : {"escape", "absolute", "up/outside", "file", "file/x", "missing", "work/missing", "work"}) {
        CAPTURE(name);
        auto opened = root.open_repository(repo(name));
        REQUIRE_FALSE(opened);
        CHECK(opened.error().kind == ErrorKind::not_found);
    }
}
