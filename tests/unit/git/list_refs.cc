#include "git/list_refs.h"

#include <catch2/catch_test_macros.hpp>

#include "git/git.h"
#include "support/scratch.h"
#include "sys/file.h"

using namespace quire;

TEST_CASE("refs are listed as git tells them, loose and packed, and a broken one is passed over or refused")
{
    tests::Scratch scratch;
    auto git = [&](std::vector<std::string> arguments, const std::string& input = "") {
        auto said = git::run_ok(scratch.fd(), std::move(arguments), {.input = input});
        REQUIRE(said);
        return said->substr(0, 40);
    };
    git({"init", "-q", "--bare", "."});
    CHECK(git::list_refs(scratch.fd())->empty());
    std::string blob = git({"hash-object", "-w", "--stdin"}, "text");
    git({"update-ref", "refs/tags/packed", blob});
    git({"pack-refs", "--all"});
    git({"update-ref", "refs/tags/loose", blob});
    git::Refs both{{"refs/tags/loose", blob}, {"refs/tags/packed", blob}};
    CHECK(git::list_refs(scratch.fd(), git::BrokenRefs::refuse).value() == both);

    REQUIRE(sys::append_file(scratch.fd(), "refs/tags/empty", ""));
    CHECK(git::list_refs(scratch.fd()).value() == both);
    auto refused = git::list_refs(scratch.fd(), git::BrokenRefs::refuse);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("refs/tags/empty") != std::string::npos);
}

TEST_CASE("what is no repository has no refs to list")
{
    tests::Scratch scratch;
    CHECK_FALSE(git::list_refs(scratch.fd()));
}
