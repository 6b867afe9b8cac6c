#include "store/git_stamp.h"

#include <catch2/catch_test_macros.hpp>

#include "support/scratch.h"
#include "sys/atomic_file.h"

using namespace quire;
using namespace quire::store;

TEST_CASE("a stamp is for one git, until that is replaced")
{
    tests::Scratch scratch;
    Root root = Root::open(scratch.path()).value();
    REQUIRE(root.prepare());
    std::string git = scratch.path() + "/git-program";
    REQUIRE(sys::replace_file(scratch.fd(), "git-program", "one", 0755));
    CHECK(!hook_mechanism(root, git).value());

    std::string stamp = git_stamp(HookMechanism::config, git).value();
    CHECK(stamp.starts_with("config " + git + " 3."));
    REQUIRE(sys::symlink_at(stamp, root.fd(), paths::git_stamp));
    CHECK(hook_mechanism(root, git).value() == HookMechanism::config);

    REQUIRE(sys::replace_file(scratch.fd(), "git-program", "two", 0755));
    CHECK(!hook_mechanism(root, git).value());
    CHECK(!hook_mechanism(root, git + "-missing"));
}

TEST_CASE("a stamp of another form is none")
{
    tests::Scratch scratch;
    Root root = Root::open(scratch.path()).value();
    REQUIRE(root.prepare());
    REQUIRE(sys::replace_file(scratch.fd(), "git-program", "one", 0755));
    std::string git = scratch.path() + "/git-program";
    std::string stamp = git_stamp(HookMechanism::path, git).value();
    for (const std::string& wrong : {"neither" + stamp.substr(4), stamp + " ", stamp.substr(5), std::string("path")}) {
        REQUIRE(sys::symlink_at(wrong, root.fd(), paths::git_stamp));
        CAPTURE(wrong);
        CHECK(!hook_mechanism(root, git).value());
        REQUIRE(sys::unlink_at(root.fd(), paths::git_stamp));
    }
}
